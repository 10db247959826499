/**
 * Reads a command line.
 *
 * @module
 */

import { runParser } from "@optique/core/facade";
import type { Message } from "@optique/core/message";
import { type AnyDraft, commandOf } from "./commands.ts";
import { explain } from "./explain.ts";
import { helpEnd } from "./help.ts";
import { looks } from "./root_help.ts";
import { rootParser } from "./root_parser.ts";
import { translate } from "./one_letter.ts";

/** What a command line asks for. */
export type Parsed =
  /** Commands to run, one after another; more than one with the one-letter interface alone. */
  | { readonly kind: "run"; readonly drafts: readonly AnyDraft[] }
  /** A text to print: help, or completions. */
  | { readonly kind: "text"; readonly text: string };

/** What a text is printed on. */
export interface Paper {
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
 * @throws {UsageError} When it cannot be read, and nothing else, whatever the words are.
 */
export function parseArguments(argv: readonly string[], paper: Paper): Parsed {
  const lines = translate(argv).map(withoutSwallowing);
  const drafts: AnyDraft[] = [];
  for (const line of lines) {
    const parsed = parseLine(line, paper);
    if (parsed.kind === "text") return parsed;
    drafts.push(...parsed.drafts);
  }
  return { kind: "run", drafts };
}

function parseLine(line: readonly string[], paper: Paper): Parsed {
  const row = commandOf(line);
  if (row === undefined && !asksHelp(line[0])) throw explain([], line);
  const width = Math.min(Math.max(paper.columns ?? defaultColumns, leastColumns), mostColumns);
  const printed: string[] = [];
  let complaint: Message | undefined;
  const draft = runParser(rootParser(row?.name), "bzman", line, {
    ...looks,
    ...(isQuestionOfShell(line) ? {} : {
      help: {
        command: true,
        option: { names: ["-h", "--help"] },
        onShow: (): AnyDraft | undefined => {
          printed.push("", helpEnd(line, { colors: paper.colors, width }));
          return undefined;
        },
      },
    }),
    colors: paper.colors,
    maxWidth: width,
    aboveError: "none",
    stdout: (text) => printed.push(text),
    stderr: () => {},
    onError: (_exit, message) => {
      complaint = message;
      return undefined;
    },
  }) as AnyDraft | undefined;
  // `help WORD` and `WORD --help` complain of WORD.
  if (complaint !== undefined) throw explain(complaint, line[0] === "help" ? line.slice(1) : line);
  if (draft !== undefined) return { kind: "run", drafts: [draft] };
  return { kind: "text", text: printed.map((text) => `${text.replaceAll(/ +$/gm, "").trimEnd()}\n`).join("") };
}

/** What follows the name of a shell is swallowed whole, a `--help` too. */
function withoutSwallowing(line: readonly string[]): readonly string[] {
  const [command = "", ...words] = line;
  return /^completions?$/.test(command) && asksHelp(words[0]) ? ["help", command] : line;
}

function asksHelp(word: string | undefined): boolean {
  return word === "help" || word === "--help" || word === "-h";
}

/** Whether a shell asks what may follow: then a `--help` among the words is none of ours. */
function isQuestionOfShell([command = "", ...words]: readonly string[]): boolean {
  return /^completions?$/.test(command) && words.length > 1;
}
