/**
 * The original one-letter interface: a pure translation of `bzman -s tank target -b /root --snapkeep=80` into today's
 * commands, so that an old crontab needs no edit. Several letters in one line become several commands, in the order in
 * which the original ran them: capacity, health, replication, log, report.
 *
 * @module
 */

import { orUsageError, UsageError } from "../config/usage_error.ts";
import { countBetween } from "../config/values/count.ts";
import { maxKeptSnapshots } from "../config/values/keep.ts";
import { shown } from "../config/values/show.ts";
import { commandNamed, commandOf } from "./commands.ts";
import { optionNames, takesValue } from "./option_names.ts";

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

/** A command of today's that an old letter stands for. */
interface Line {
  readonly name: string;
  /** What its letter gives it, besides the options of the whole line. */
  readonly own: readonly string[];
}

function lines(found: Found): readonly (readonly string[])[] {
  const { letters, words } = found;
  const wanted: Line[] = [];
  if (letters.has("c")) wanted.push(existing("c", "capacity"));
  if (letters.has("m")) wanted.push(existing("m", "health"));
  if (letters.has("s") || letters.has("d")) wanted.push(replication(letters, words));
  else if (words.length > 0) throw new UsageError(`${shown(words[0] ?? "")} belongs to no option`, help);
  if (letters.has("p")) wanted.push({ name: "log", own: [] });
  if (letters.has("r")) wanted.push({ ...existing("r", "report"), own: [`--to=${letters.get("r")}`] });
  return withOptions(wanted, found);
}

/** Gives each command those of today's options that it knows; the first gets, and names, those that none knows. */
function withOptions(wanted: readonly Line[], { letters, options }: Found): readonly (readonly string[])[] {
  const path = letters.get("b");
  const db = path === undefined ? [] : [`--db=${path}`];
  const known = wanted.map(({ name }) => optionNames(name));
  return wanted.map(({ name, own }, index) => {
    const taken = options.filter((option) => {
      const word = option.split("=", 1)[0] ?? option;
      return known[index]?.has(word) || (index === 0 && !known.some((names) => names.has(word)));
    });
    return [name, ...taken, ...db, ...own];
  });
}

function replication(letters: Map<string, string>, words: readonly string[]): Line {
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
  const keep = letters.get("snapkeep");
  if (keep !== undefined) {
    orUsageError(() => countBetween(0, maxKeptSnapshots)(keep), "--snapkeep", "Type: --snapkeep=504");
  }
  // The original knew no source on another host: a colon there belongs to the name.
  const source = /^[^/]+:/.test(name) ? `:${name}` : name;
  return { name: "replicate", own: [...(keep === undefined ? [] : [`--keep=${keep}`]), "--", source, host] };
}

/** The line of a command that may not exist yet. */
function existing(letter: string, name: string): Line {
  if (commandNamed(name) === undefined) {
    throw new UsageError(`-${letter} (${name}) is not in this version of bzman; nothing of this line ran`, help);
  }
  return { name, own: [] };
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
