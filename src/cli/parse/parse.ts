/**
 * Reads a command line.
 *
 * @module
 */

import { runParser } from "@optique/core/facade";
import type { Message } from "@optique/core/message";
import { type AnyParsedCommand, commandOf } from "../commands.ts";
import { explain } from "./explain.ts";
import { helpEnd } from "../help/help.ts";
import { looks } from "../help/root_help.ts";
import { rootParser } from "../root_parser.ts";
import { translateLegacy } from "./legacy_cli.ts";

/** What a command line asks for. */
export type Parsed =
  /** Commands to run, one after another; more than one with the one-letter interface alone. */
  | { readonly kind: "run"; readonly commands: readonly AnyParsedCommand[] }
  /** A text to print: help, or completions. */
  | { readonly kind: "text"; readonly text: string };

/** What a text is printed on. */
export interface Terminal {
  readonly colors: boolean;
  /** The width to fit; `undefined` where there is no terminal. */
  readonly columns: number | undefined;
}

/** The width of help where there is no terminal to fit. */
const defaultColumns = 100;

/** Narrower than this nothing is readable. */
const minColumns = 40;

/** Lines longer than this are hard to read, however wide the terminal. */
const maxColumns = 120;

/**
 * Reads a command line, of today's commands or of the one-letter interface.
 *
 * @throws {UsageError} When it cannot be read, and nothing else, whatever the words are.
 */
export function parseArguments(argv: readonly string[], terminal: Terminal): Parsed {
  const lines = translateLegacy(argv).map(withoutSwallowing);
  const commands: AnyParsedCommand[] = [];
  for (const line of lines) {
    const parsed = parseLine(line, terminal);
    if (parsed.kind === "text") return parsed;
    commands.push(...parsed.commands);
  }
  return { kind: "run", commands };
}

function parseLine(line: readonly string[], terminal: Terminal): Parsed {
  const row = commandOf(line);
  if (row === undefined && !asksHelp(line[0])) throw explain([], line);
  const width = Math.min(Math.max(terminal.columns ?? defaultColumns, minColumns), maxColumns);
  const printed: string[] = [];
  let complaint: Message | undefined;
  const command = runParser(rootParser(row?.name), "bzman", line, {
    ...looks,
    ...(isQuestionOfShell(line) ? {} : {
      help: {
        command: true,
        option: { names: ["-h", "--help"] },
        onShow: (): AnyParsedCommand | undefined => {
          printed.push("", helpEnd(line, { colors: terminal.colors, width }));
          return undefined;
        },
      },
    }),
    colors: terminal.colors,
    maxWidth: width,
    aboveError: "none",
    stdout: (text) => printed.push(text),
    stderr: () => {},
    onError: (_exit, message) => {
      complaint = message;
      return undefined;
    },
  }) as AnyParsedCommand | undefined;
  // `help WORD` and `WORD --help` complain of WORD.
  if (complaint !== undefined) throw explain(complaint, line[0] === "help" ? line.slice(1) : line);
  if (command !== undefined) return { kind: "run", commands: [command] };
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
