/**
 * The original one-letter interface: a pure translation of `bzman -s tank target -b /root --snapkeep=80` into today's
 * commands, so that an old crontab needs no edit. Several letters in one line become several commands, in the order in
 * which the original ran them: capacity, health, replication, log, report.
 *
 * @module
 */

import type { Usage, UsageTerm } from "@optique/core/usage";
import { orUsageError, UsageError } from "../config/usage_error.ts";
import { countBetween } from "../config/values/count.ts";
import { maxKeptSnapshots } from "../config/values/keep.ts";
import { shown } from "../config/values/show.ts";
import { commandNamed, commandOf, commands } from "./commands.ts";

const help = "See: bzman --help";

/** What was found in an old command line. */
interface Found {
  readonly letters: Map<string, string>;
  /** Options of today's among the old ones, with their values. */
  readonly options: string[];
  readonly words: string[];
}

/**
 * Translates a command line.
 *
 * @returns One or more command lines of today's; the same one when it is of today's already.
 * @throws {UsageError} When it is of the old interface and cannot be read.
 */
export function translate(argv: readonly string[]): readonly (readonly string[])[] {
  const [first] = argv;
  if (first === undefined) return [["--help"]];
  if (first === "--version" || first === "-V") return [["version", ...argv.slice(1)]];
  if (!first.startsWith("-") || first === "-h" || first === "--help") return [argv];
  const found = read(argv);
  if (found.letters.has("h")) return [["--help"]];
  if (!["c", "m", "s", "d", "p", "r"].some((letter) => found.letters.has(letter))) return [commandFirst(argv, found)];
  return lines(found);
}

/** Today's options before the command (`bzman --debug replicate tank target`) go behind it. */
function commandFirst(argv: readonly string[], { letters, options, words }: Found): readonly string[] {
  const row = commandOf(words);
  if (row === undefined) {
    throw new UsageError(`${shown(argv[0] ?? "")} stands where a command is expected`, help);
  }
  const taken = commandNamed(words.slice(0, 2).join(" ")) === undefined ? 1 : 2;
  const path = letters.get("b");
  const db = path === undefined ? [] : [`--db=${path}`];
  return [...words.slice(0, taken), ...options, ...db, "--", ...words.slice(taken)];
}

function lines({ letters, options, words }: Found): readonly (readonly string[])[] {
  const shared = [...options];
  const path = letters.get("b");
  if (path !== undefined) shared.push(`--db=${path}`);
  const result: string[][] = [];
  if (letters.has("c")) result.push(checked("c", "capacity", shared));
  if (letters.has("m")) result.push(checked("m", "health", shared));
  if (letters.has("s") || letters.has("d")) result.push(replication(letters, words, shared));
  else if (words.length > 0) throw new UsageError(`${shown(words[0] ?? "")} belongs to no option`, help);
  if (letters.has("p")) result.push(["log", ...shared]);
  if (letters.has("r")) result.push([...checked("r", "report", shared), `--to=${letters.get("r")}`]);
  return result;
}

function replication(letters: Map<string, string>, words: readonly string[], shared: readonly string[]): string[] {
  const pool = letters.get("s");
  const dataset = letters.get("d");
  if (pool !== undefined && dataset !== undefined) {
    throw new UsageError(
      "-s and -d do not go together",
      "Write two lines: one with -s POOL HOST, one with -d POOL/DATASET HOST",
    );
  }
  if (dataset !== undefined && !dataset.includes("/")) {
    throw new UsageError(`-d takes POOL/DATASET, and ${shown(dataset)} has no slash`, "Type: bzman -s POOL HOST");
  }
  const [host, more] = words;
  if (host === undefined) throw new UsageError("the host to send to is missing", "Type: bzman -s POOL HOST");
  if (more !== undefined) throw new UsageError(`${shown(more)} is one word too many`, "Type: bzman -s POOL HOST");
  const name = pool ?? dataset ?? "";
  const line = ["replicate", ...shared];
  const keep = letters.get("snapkeep");
  if (keep !== undefined) {
    orUsageError(() => countBetween(0, maxKeptSnapshots)(keep), "--snapkeep", "Type: --snapkeep=504");
    line.push(`--keep=${keep}`);
  }
  // The original knew no source on another host: a colon there belongs to the name.
  return [...line, "--", /^[^/]+:/.test(name) ? `:${name}` : name, host];
}

/** The line of a command that may not exist yet. */
function checked(letter: string, name: string, shared: readonly string[]): string[] {
  if (commandNamed(name) === undefined) {
    throw new UsageError(`-${letter} (${name}) is not in this version of bzman; nothing of this line ran`, help);
  }
  return [name, ...shared];
}

/** Reads an old command line as GNU getopt does: `-mcp`, `-b/root`, `-b /root`, words anywhere, `--` ends options. */
function read(argv: readonly string[]): Found {
  const found: Found = { letters: new Map(), options: [], words: [] };
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
      readLetters(word, found, valueOf);
    } else {
      found.words.push(word);
    }
  }
  return found;
}

function readLong(word: string, found: Found, valueOf: (option: string) => string): void {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const value = (): string => equals < 0 ? valueOf(name) : word.slice(equals + 1);
  if (name === "--help") found.letters.set("h", "");
  else if (name === "--db") found.letters.set("b", value());
  else if (name === "--snapkeep") found.letters.set("snapkeep", value());
  else if (equals < 0 && takesValue(name)) found.options.push(`${name}=${value()}`);
  else found.options.push(word);
}

function readLetters(word: string, found: Found, valueOf: (option: string) => string): void {
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    if ("mcph".includes(letter)) {
      found.letters.set(letter, "");
    } else if ("sdrb".includes(letter)) {
      found.letters.set(letter, word.slice(at + 1) || valueOf(`-${letter}`));
      return;
    } else {
      throw new UsageError(`bzman has no option ${shown(`-${letter}`)}`, help);
    }
  }
}

/** Whether an option of today's takes a value, by the parsers themselves. */
function takesValue(name: string): boolean {
  const found = (usage: Usage): boolean => usage.some(inTerm);
  const inTerm = (term: UsageTerm): boolean => {
    switch (term.type) {
      case "option":
        return term.metavar !== undefined && (term.names as readonly string[]).includes(name);
      case "optional":
      case "multiple":
        return found(term.terms);
      case "exclusive":
        return term.terms.some(found);
      default:
        return false;
    }
  };
  return commands.some(({ parser }) => found(parser.usage));
}
