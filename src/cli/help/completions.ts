/**
 * `bzman completions`: prints the script for a shell, and answers it.
 *
 * @module
 */

import { bash, fish, type ShellCompletion, zsh } from "@optique/core/completion";
import { message } from "@optique/core/message";
import { suggest, type Suggestion } from "@optique/core/parser";
import type { Context } from "../../session/context.ts";
import type { CommonSettings } from "../../config/settings.ts";
import { rootParser } from "../root_parser.ts";
import type { CompletionsSettings, ShellName } from "./shell_names.ts";

const shells: Readonly<Record<ShellName, ShellCompletion>> = { bash, zsh, fish };

/** Prints the script, or what may come next after the words typed so far. */
export function completions(settings: CompletionsSettings, _common: CommonSettings, context: Context): Promise<number> {
  const shell = shells[settings.shell];
  const [first, ...more] = settings.words;
  if (first === undefined) {
    context.stdout.write(`${shell.generateScript("bzman", ["completions", settings.shell]).trimEnd()}\n`);
  } else {
    const suggestions = [...suggest(rootParser(), [first, ...more]), ...helpFor(settings.words)];
    const text = [...shell.encodeSuggestions(suggestions)].join("");
    // zsh's answer ends with NUL: a line end behind it would be one more suggestion.
    context.stdout.write(text === "" || settings.shell === "zsh" ? text : `${text}\n`);
  }
  return Promise.resolve(0);
}

/** `help` is no row of the table of commands, since it is about them. */
function helpFor(words: readonly string[]): readonly Suggestion[] {
  const [word = ""] = words;
  if (words.length > 1 || !"help".startsWith(word)) return [];
  return [{ kind: "literal", text: "help", description: message`Explain a command and its options.` }];
}
