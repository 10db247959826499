/**
 * Which options there are, asked of the parsers themselves.
 *
 * @module
 */

import { extractOptionNames, type Usage, type UsageTerm } from "@optique/core/usage";
import { commandNamed, commands } from "../commands.ts";

/** The options of a command. */
export function optionNames(command: string): ReadonlySet<string> {
  const row = commandNamed(command);
  return row === undefined ? new Set() : extractOptionNames(row.parser.usage);
}

/** Whether an option of any command takes a value. */
export function takesValue(option: string): boolean {
  const inUsage = (usage: Usage): boolean => usage.some(inTerm);
  const inTerm = (term: UsageTerm): boolean => {
    switch (term.type) {
      case "option":
        return term.metavar !== undefined && (term.names as readonly string[]).includes(option);
      case "command":
      case "argument":
      case "literal":
        return false;
      case "optional":
      case "multiple":
        return inUsage(term.terms);
      case "exclusive":
        return term.terms.some(inUsage);
      default:
        return false;
    }
  };
  return commands.some(({ parser }) => inUsage(parser.usage));
}
