/**
 * Makes one clear line of what the parser complains of: what is wrong, what was probably meant, what to type.
 *
 * @module
 */

import { formatMessage, type Message } from "@optique/core/message";
import { findSimilar } from "@optique/core/suggestion";
import { extractOptionNames } from "@optique/core/usage";
import { UsageError } from "../../config/usage_error.ts";
import { quoted } from "../../config/values/quoted.ts";
import { commandOf, commands } from "../commands.ts";

/**
 * Explains a complaint.
 *
 * @param complaint The parser's own words.
 * @param argv The command line it could not read.
 */
export function explain(complaint: Message, argv: readonly string[]): UsageError {
  const row = commandOf(argv);
  if (row === undefined) return explainCommand(argv);
  const unexpected = unexpectedWord(complaint);
  const help = `See: bzman help ${row.name}`;
  if (unexpected === undefined) return new UsageError(sentence(complaint), help);
  if (!unexpected.startsWith("-")) {
    return new UsageError(`${row.name} does not accept ${quoted(unexpected)}`, help);
  }
  const name = unexpected.split("=", 1)[0] ?? unexpected;
  return new UsageError(
    `${row.name} has no option ${quoted(name)}${guess(name, extractOptionNames(row.parser.usage))}`,
    help,
  );
}

/** Explains a first word that is no command. */
function explainCommand(argv: readonly string[]): UsageError {
  const [first = "", second] = argv;
  const inGroup = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  if (first !== "" && inGroup.length > 0) {
    const given = second === undefined ? "needs a second word" : `does not know ${quoted(second)}`;
    return new UsageError(`${first} ${given}`, `Type: ${inGroup.map((name) => `bzman ${name}`).join(", or ")}`);
  }
  const names = [...commands.flatMap(({ name, aliases }) => [name, ...aliases]), "help"];
  return new UsageError(`bzman has no command ${quoted(first)}${guess(first, names)}`, "See: bzman help");
}

/** What was probably meant: a name that begins so, or one that is spelled much like it. */
function guess(word: string, names: Iterable<string>): string {
  const candidates = [...names];
  const longer = word.length > 2 ? candidates.filter((name) => name.startsWith(word)) : [];
  const meant = longer[0] ?? findSimilar(word, candidates, { maxSuggestions: 1, maxDistanceRatio: 0.4 })[0];
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

/** The word that the parser could not place, if that is its complaint. */
function unexpectedWord(complaint: Message): string | undefined {
  const [opening, word] = complaint;
  const places = opening?.type === "text" && /^Unexpected option or (?:subcommand|argument): $/.test(opening.text);
  return places && word?.type === "optionName" ? word.optionName : undefined;
}

/** The parser's words as one line without its marks and full stop. */
function sentence(complaint: Message): string {
  return formatMessage(complaint, { quotes: true, colors: false })
    .replaceAll("`", "").replaceAll(/\s*\n\s*/g, " ").replace(/\.$/, "");
}
