/**
 * The original one-letter interface: a pure translation of `bzman -s tank target -b /root --snapkeep=80` into today's
 * commands, so that an old crontab needs no edit. Several letters in one line become several commands, in the order in
 * which the original ran them: capacity, health, replication, log, report.
 *
 * @module
 */

import { orUsageError, UsageError } from "../../config/usage_error.ts";
import { countBetween } from "../../config/values/count.ts";
import { maxKeptSnapshots } from "../../config/values/keep.ts";
import { quoted } from "../../config/values/quoted.ts";
import { commandNamed, commandOf } from "../commands.ts";
import { optionNames } from "./option_names.ts";
import { type LegacyLine, readLetters } from "./legacy_letters.ts";

const help = "See: bzman --help";

/**
 * Translates a command line.
 *
 * @returns One or more command lines of today's; the same one when it is of today's already.
 * @throws {UsageError} When it is of the old interface and cannot be read.
 */
export function translateLegacy(argv: readonly string[]): readonly (readonly string[])[] {
  const [first] = argv;
  if (first === undefined) return [["--help"]];
  if (first === "--version" || first === "-V") return [["version", ...argv.slice(1)]];
  if (!first.startsWith("-") || first === "-h" || first === "--help") return [argv];
  const found = readLetters(argv);
  if (found.letters.has("h")) return [["--help"]];
  if (!["c", "m", "s", "d", "p", "r"].some((letter) => found.letters.has(letter))) return [commandFirst(argv, found)];
  return lines(found);
}

/** Today's options before the command (`bzman --debug replicate tank target`) go behind it. */
function commandFirst(argv: readonly string[], { letters, options, words }: LegacyLine): readonly string[] {
  const row = commandOf(words);
  if (row === undefined) {
    throw new UsageError(`${quoted(argv[0] ?? "")} stands where a command is expected`, help);
  }
  const taken = commandNamed(words.slice(0, 2).join(" ")) === undefined ? 1 : 2;
  const path = letters.get("b");
  const db = path === undefined ? [] : [`--db=${path}`];
  return [...words.slice(0, taken), ...options, ...db, "--", ...words.slice(taken)];
}

/** A command of today's that an old letter stands for. */
interface LegacyCommand {
  readonly name: string;
  /** What its letter gives it, besides the options of the whole line. */
  readonly own: readonly string[];
}

function lines(found: LegacyLine): readonly (readonly string[])[] {
  const { letters, words } = found;
  const wanted: LegacyCommand[] = [];
  if (letters.has("c")) wanted.push(existing("c", "capacity"));
  if (letters.has("m")) wanted.push(existing("m", "health"));
  if (letters.has("s") || letters.has("d")) wanted.push(replication(letters, words));
  else if (words.length > 0) throw new UsageError(`${quoted(words[0] ?? "")} is an unexpected argument`, help);
  if (letters.has("p")) wanted.push({ name: "log", own: [] });
  if (letters.has("r")) wanted.push({ ...existing("r", "report"), own: [`--to=${letters.get("r")}`] });
  return withOptions(wanted, found);
}

/** Gives each command those of today's options that it knows; the first gets, and names, those that none knows. */
function withOptions(
  wanted: readonly LegacyCommand[],
  { letters, options }: LegacyLine,
): readonly (readonly string[])[] {
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

function replication(letters: Map<string, string>, words: readonly string[]): LegacyCommand {
  const pool = letters.get("s");
  const dataset = letters.get("d");
  if (pool !== undefined && dataset !== undefined) {
    throw new UsageError(
      "-s and -d cannot be combined",
      "Write two lines: one with -s POOL HOST, one with -d POOL/DATASET HOST",
    );
  }
  if (dataset !== undefined && !dataset.includes("/")) {
    throw new UsageError(`-d takes POOL/DATASET, and ${quoted(dataset)} has no slash`, "Type: bzman -s POOL HOST");
  }
  const [host, more] = words;
  if (host === undefined) throw new UsageError("the host to send to is missing", "Type: bzman -s POOL HOST");
  if (more !== undefined) throw new UsageError(`${quoted(more)} is an unexpected argument`, "Type: bzman -s POOL HOST");
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
function existing(letter: string, name: string): LegacyCommand {
  if (commandNamed(name) === undefined) {
    throw new UsageError(`-${letter} (${name}) is not in this version of bzman; nothing of this line ran`, help);
  }
  return { name, own: [] };
}
