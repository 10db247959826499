/**
 * The command line of `bzman version`.
 *
 * @module
 */

import { message } from "@optique/core/message";
import type { NoSettings } from "../../config/settings.ts";
import { defineCommand } from "../definition.ts";
import { outputOptions } from "../options/shared_options.ts";

/** `bzman version`. */
export const versionCommand = defineCommand({
  name: "version",
  brief: message`Say which bzman this is, and how it was packaged.`,
  examples: [{ line: "bzman version", says: "for a bug report" }],
  options: outputOptions,
  resolve: (): NoSettings => ({}),
  load: async () => (await import("../../commands/version.ts")).version,
});
