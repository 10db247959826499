/**
 * The command line of `bzman replicate`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { map, optional } from "@optique/core/modifiers";
import { flag } from "@optique/core/primitives";
import { replicateSettings } from "../config/settle.ts";
import { parseTargetOf } from "../zfs/endpoint.ts";
import { defineCommand } from "./definition.ts";
import { snapshotOptions, transferOptions } from "./replicate_options.ts";
import { dryRun, mailOptions, recordOptions, source, target } from "./shared_options.ts";
import { watchOptions } from "./watch_options.ts";

const noSnapshot = map(
  optional(flag("--no-snapshot", {
    description: message`Take no snapshot, send those that are there; for a source that is itself a replica.`,
  })),
  (given) => given === undefined ? undefined : false,
);

/** `bzman replicate`. */
export const replicateCommand = defineCommand({
  name: "replicate",
  aliases: ["send"],
  brief: message`Copy a pool or dataset to another host, in full at first, then by increments.`,
  description:
    message`Checks both sides, takes a snapshot of everything below SOURCE, sends what TARGET lacks, verifies what arrived, prunes old snapshots and records the run. Run it from cron as often as you like.`,
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
  settle: (flags, layer) => replicateSettings(flags.source, parseTargetOf(flags.source, flags.target), layer),
  load: async () => (await import("../commands/replicate.ts")).replicate,
});
