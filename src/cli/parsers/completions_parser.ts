/**
 * The command line of `bzman completions`.
 *
 * @module
 */

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { argument, passThrough } from "@optique/core/primitives";
import { defineCommand } from "../definition.ts";
import { shellNames } from "../help/shell_names.ts";
import { oneOf } from "../options/value.ts";

/** `bzman completions`. */
export const completionsCommand = defineCommand({
  name: "completions",
  aliases: ["completion"],
  brief: message`Print the script that completes commands and options with the Tab key.`,
  examples: [
    { line: 'eval "$(bzman completions bash)"', says: "for this shell; zsh likewise" },
    {
      line: "bzman completions bash > /etc/bash_completion.d/bzman",
      says: "for everybody who uses bash, from the next login on",
    },
    { line: "bzman completions fish > /etc/fish/completions/bzman.fish", says: "for everybody who uses fish" },
  ],
  options: object("Arguments", {
    shell: argument(oneOf("SHELL", shellNames), {
      description: message`The shell that will read the script.`,
      errors: { endOfInput: message`the name of a shell is missing: bash, zsh or fish` },
    }),
    // The script calls back with the words typed so far.
    words: passThrough({ format: "greedy", hidden: true }),
  }),
  resolve: ({ shell, words }) => ({ shell, words }),
  load: async () => (await import("../help/completions.ts")).completions,
});
