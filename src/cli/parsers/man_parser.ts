/**
 * The command line of `bzman man`.
 *
 * @module
 */

import { message } from "@optique/core/message";
import type { NoSettings } from "../../config/settings.ts";
import { defineCommand } from "../definition.ts";
import { outputOptions } from "../options/shared_options.ts";

/** `bzman man`. */
export const manCommand = defineCommand({
  name: "man",
  brief: message`Print the manual page.`,
  examples: [{ line: "bzman man | man -l -", says: "read it" }, {
    line: "bzman man > /usr/local/share/man/man8/bzman.8",
    says: "install it",
  }],
  options: outputOptions,
  resolve: (): NoSettings => ({}),
  load: async () => (await import("../help/man.ts")).man,
});
