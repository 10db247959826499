/**
 * The command line of `bzman prune`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { pruneSettings } from "../../config/resolve.ts";
import { parseTargetOf } from "../../zfs/names/endpoint.ts";
import { defineCommand } from "../definition.ts";
import { snapshotOptions } from "../options/replicate_options.ts";
import { dryRun, mailOptions, recordOptions, source, target } from "../options/shared_options.ts";

/** `bzman prune`. */
export const pruneCommand = defineCommand({
  name: "prune",
  brief: message`Destroy bzman's snapshots that the retention policy no longer keeps, with the reason for each.`,
  description:
    message`Applies the retention policy to SOURCE, and to TARGET if one is given. Only snapshots made by bzman are destroyed; never the newest common snapshot, a held snapshot, or a snapshot with a clone.`,
  examples: [
    { line: "bzman prune tank target --keep 7d --dry-run", says: "what would be destroyed and kept, and why" },
  ],
  options: merge(
    object("Arguments", { source, target: optional(target) }),
    object("Snapshots", { dryRun, ...snapshotOptions }),
    mailOptions,
    recordOptions,
  ),
  resolve: (flags, layer) =>
    pruneSettings(
      flags.source,
      flags.target === undefined ? undefined : parseTargetOf(flags.source, flags.target),
      layer,
    ),
  load: async () => (await import("../../commands/prune.ts")).prune,
});
