/**
 * Reads a command line.
 *
 * @module
 */

import { runParser } from "@optique/core/facade";
import { bash, fish, zsh } from "@optique/core/completion";
import type { Message } from "@optique/core/message";
import { UsageError } from "../config/usage_error.ts";
import { type AnyDraft, commandOf } from "./commands.ts";
import { explain } from "./explain.ts";
import { rootHelp } from "./root_help.ts";
import { rootParser } from "./root_parser.ts";
import { translate } from "./one_letter.ts";

/** What a command line asks for. */
export type Parsed =
  /** Commands to run, one after another; more than one with the one-letter interface alone. */
  | { readonly kind: "run"; readonly drafts: readonly AnyDraft[] }
  /** A text to print: help, or completions. */
  | { readonly kind: "text"; readonly text: string };

/** How help may look. */
export interface HelpStyle {
  readonly colors: boolean;
  /** The width to fit; `undefined` where there is no terminal. */
  readonly columns: number | undefined;
}

/** The width of help where there is no terminal to fit. */
const defaultColumns = 100;

/** Narrower than this nothing is readable. */
const leastColumns = 40;

/** Lines longer than this are hard to read, however wide the terminal. */
const mostColumns = 120;

/**
 * Reads a command line, of today's commands or of the one-letter interface.
 *
 * @throws {UsageError} When it cannot be read; nothing else, whatever the words are.
 */
export function parseArguments(argv: readonly string[], style: HelpStyle): Parsed {
  const lines = translate(argv);
  const drafts: AnyDraft[] = [];
  for (const line of lines) {
    const parsed = parseLine(line, style);
    if (parsed.kind === "text") return parsed;
    drafts.push(...parsed.drafts);
  }
  return { kind: "run", drafts };
}

/** The exit status of a usage error in this command line: 3 for commands that check, 2 for all others. */
export function usageExit(argv: readonly string[]): 2 | 3 {
  return commandOf(argv)?.family === "checks" ? 3 : 2;
}

function parseLine(line: readonly string[], style: HelpStyle): Parsed {
  const printed: string[] = [];
  let complaint: Message | undefined;
  const stop = (): AnyDraft | undefined => undefined;
  const draft = runParser(rootParser(), "bzman", line, {
    ...rootHelp,
    help: { command: true, option: { names: ["-h", "--help"] }, onShow: stop },
    completion: {
      command: { names: ["completions", "completion"] },
      shells: { bash, zsh, fish },
      onShow: stop,
    },
    colors: style.colors,
    maxWidth: Math.min(Math.max(style.columns ?? defaultColumns, leastColumns), mostColumns),
    aboveError: "none",
    stdout: (text) => printed.push(text),
    stderr: () => {},
    onError: (_exit, message) => {
      complaint = message;
      return undefined;
    },
  }) as AnyDraft | undefined;
  if (complaint !== undefined) throw explainLine(complaint, line);
  if (draft !== undefined) return { kind: "run", drafts: [draft] };
  return { kind: "text", text: printed.map((text) => `${text.trimEnd()}\n`).join("") };
}

function explainLine(complaint: Message, line: readonly string[]): UsageError {
  if (line[0] === "completions" || line[0] === "completion") {
    return new UsageError("completions needs the name of a shell: bash, zsh or fish", "bzman completions bash");
  }
  // `help WORD` and `WORD --help` complain of WORD.
  return explain(complaint, line[0] === "help" ? line.slice(1) : line);
}
