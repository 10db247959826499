/**
 * The command line of `bzman prune`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { pruneSettings } from "../config/settle.ts";
import { parseTargetOf } from "../zfs/endpoint.ts";
import { defineCommand } from "./definition.ts";
import { snapshotOptions } from "./replicate_options.ts";
import { dryRun, mailOptions, recordOptions, source, target } from "./shared_options.ts";

/** `bzman prune`. */
export const pruneCommand = defineCommand({
  name: "prune",
  brief: message`Destroy snapshots of bzman's that are past their time, with the reason for each.`,
  description:
    message`Retention alone, on SOURCE, and on TARGET where one is named. Only snapshots that bzman made are ever destroyed, and never the newest that both sides have, a held one or one with a clone.`,
  examples: [
    { line: "bzman prune tank target --keep 7d --dry-run", says: "what would be destroyed and kept, and why" },
  ],
  options: merge(
    object("Arguments", { source, target: optional(target) }),
    object("Snapshots", { dryRun, ...snapshotOptions }),
    mailOptions,
    recordOptions,
  ),
  settle: (flags, layer) =>
    pruneSettings(
      flags.source,
      flags.target === undefined ? undefined : parseTargetOf(flags.source, flags.target),
      layer,
    ),
  load: async () => (await import("../commands/prune.ts")).prune,
});
