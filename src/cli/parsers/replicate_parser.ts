/**
 * The command line of `bzman replicate`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { map, optional } from "@optique/core/modifiers";
import { flag } from "@optique/core/primitives";
import { replicateSettings } from "../../config/resolve.ts";
import { parseTargetOf } from "../../zfs/names/endpoint.ts";
import { defineCommand } from "../definition.ts";
import { snapshotOptions, transferOptions } from "../options/replicate_options.ts";
import { dryRun, mailOptions, recordOptions, source, target } from "../options/shared_options.ts";
import { watchOptions } from "../options/watch_options.ts";

const noSnapshot = map(
  optional(flag("--no-snapshot", {
    description: message`Take no snapshot; send the existing ones. For a source that is itself a replica.`,
  })),
  (given) => given === undefined ? undefined : false,
);

/** `bzman replicate`. */
export const replicateCommand = defineCommand({
  name: "replicate",
  aliases: ["send"],
  brief: message`Copy a pool or dataset to another host, in full at first, then by increments.`,
  description:
    message`Checks both sides, snapshots SOURCE and everything below it, sends what TARGET lacks, verifies what was received, prunes old snapshots and records the run. It may run from cron at any interval.`,
  examples: [
    { line: "bzman replicate tank target", says: "the pool tank, to the pool tank on the host target" },
    { line: "bzman replicate tank/home ann@target:backup/home --keep 30d", says: "a dataset, to another name there" },
    { line: "bzman replicate target:tank :backup/target", says: "a pull, from another host to this one" },
    { line: "bzman replicate tank target --dry-run", says: "what would be sent, and how much" },
  ],
  options: merge(
    object("Arguments", { source, target }),
    object("Snapshots", { dryRun, snapshot: noSnapshot, ...snapshotOptions }),
    transferOptions,
    watchOptions,
    mailOptions,
    recordOptions,
  ),
  resolve: (flags, layer) => replicateSettings(flags.source, parseTargetOf(flags.source, flags.target), layer),
  load: async () => (await import("../../commands/replicate.ts")).replicate,
});
