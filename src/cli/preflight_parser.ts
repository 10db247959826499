/**
 * The command line of `bzman preflight`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { replicateSettings } from "../config/settle.ts";
import { parseTargetOf } from "../zfs/endpoint.ts";
import { defineCommand } from "./definition.ts";
import { snapshotOptions, transferOptions } from "./replicate_options.ts";
import { mailOptions, recordOptions, source, target } from "./shared_options.ts";
import { watchOptions } from "./watch_options.ts";

/** `bzman preflight`. */
export const preflightCommand = defineCommand({
  name: "preflight",
  brief: message`Make every check that replicate makes first, and say how to mend what is wrong.`,
  description:
    message`Shows each check with its verdict and the exact command that mends it. Touches nothing and leaves no record. Takes the options of replicate, so that what will run is what is checked.`,
  examples: [{ line: "bzman preflight tank target", says: "can the pool tank be copied to the host target?" }],
  options: merge(
    object("Arguments", { source, target }),
    object("Snapshots", snapshotOptions),
    transferOptions,
    watchOptions,
    mailOptions,
    recordOptions,
  ),
  settle: (flags, layer) => replicateSettings(flags.source, parseTargetOf(flags.source, flags.target), layer),
  load: async () => (await import("../commands/preflight.ts")).preflight,
});
