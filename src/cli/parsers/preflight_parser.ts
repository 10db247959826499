/**
 * The command line of `bzman preflight`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { replicateSettings } from "../../config/resolve.ts";
import { parseTargetOf } from "../../zfs/names/endpoint.ts";
import { defineCommand } from "../definition.ts";
import { snapshotOptions, transferOptions } from "../options/replicate_options.ts";
import { mailOptions, recordOptions, source, target } from "../options/shared_options.ts";
import { watchOptions } from "../options/watch_options.ts";

/** `bzman preflight`. */
export const preflightCommand = defineCommand({
  name: "preflight",
  brief: message`Run the checks that replicate runs first, and show how to fix what they find.`,
  description:
    message`Shows each check with its verdict and the command that fixes it. Changes nothing and records nothing. Takes the same options as replicate.`,
  examples: [{ line: "bzman preflight tank target", says: "can the pool tank be copied to the host target?" }],
  options: merge(
    object("Arguments", { source, target }),
    object("Snapshots", snapshotOptions),
    transferOptions,
    watchOptions,
    mailOptions,
    recordOptions,
  ),
  resolve: (flags, layer) => replicateSettings(flags.source, parseTargetOf(flags.source, flags.target), layer),
  load: async () => (await import("../../commands/preflight.ts")).preflight,
});
