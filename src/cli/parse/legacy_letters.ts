/**
 * Reads command lines of the original one-letter interface, without knowing what they mean.
 *
 * @module
 */

import { UsageError } from "../../config/usage_error.ts";
import { quoted } from "../../config/values/quoted.ts";
import { takesValue } from "./option_names.ts";

const help = "See: bzman --help";

/** What was found in an old command line. */
export interface LegacyLine {
  /** Letters with their values; `--db` is the letter `b`, and `snapkeep` is there by its name. */
  readonly letters: Map<string, string>;
  /** Options of today's among the old ones, with their values. */
  readonly options: string[];
  /** What belongs to no option. */
  readonly words: string[];
}

/**
 * Reads an old command line as GNU getopt does: `-mcp`, `-b/root`, `-b /root`, words anywhere, `--` ends options.
 *
 * @throws {UsageError} For an unknown letter, or one without its value.
 */
export function readLetters(argv: readonly string[]): LegacyLine {
  const found: LegacyLine = { letters: new Map(), options: [], words: [] };
  const rest = [...argv];
  const valueOf = (option: string): string => {
    const value = rest.shift();
    if (value === undefined) throw new UsageError(`${option} needs a value`, help);
    return value;
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      found.words.push(...rest.splice(0));
    } else if (word.startsWith("--")) {
      readLong(word, found, valueOf);
    } else if (word.startsWith("-") && word !== "-") {
      readCluster(word, found, valueOf);
    } else {
      found.words.push(word);
    }
  }
  return found;
}

function readLong(word: string, found: LegacyLine, valueOf: (option: string) => string): void {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const value = (): string => equals < 0 ? valueOf(name) : word.slice(equals + 1);
  if (name === "--help") found.letters.set("h", "");
  else if (name === "--db") found.letters.set("b", value());
  else if (name === "--snapkeep") found.letters.set("snapkeep", value());
  else if (equals < 0 && takesValue(name)) found.options.push(`${name}=${value()}`);
  else found.options.push(word);
}

function readCluster(word: string, found: LegacyLine, valueOf: (option: string) => string): void {
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    if ("mcph".includes(letter)) {
      found.letters.set(letter, "");
    } else if ("sdrb".includes(letter)) {
      found.letters.set(letter, word.slice(at + 1) || valueOf(`-${letter}`));
      return;
    } else {
      throw new UsageError(`bzman has no option ${quoted(`-${letter}`)}`, help);
    }
  }
}
