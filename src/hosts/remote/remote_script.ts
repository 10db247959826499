/**
 * The only scripts that bzman ever sends to a remote host, as values: a batch of commands, or stages of a pipeline.
 *
 * Whatever a login shell prints before the script starts (a banner, an `echo` in .bashrc) is noise. So each script
 * writes lines that begin with a random nonce, here called frames: `NONCE begin` first, and `NONCE INDEX STATUS`
 * after each command. Their statuses are the truth; that of ssh is not, since 255 may be the command's own.
 *
 * {@linkcode parseRemoteScript} is the exact inverse: a forced command reads with it what may run.
 *
 * @module
 */

import { systemPath } from "../process/environment.ts";
import { parseShellCommand, quoteWord, quoteWords, readWords, shellCommand } from "./quote.ts";

/** The environment variable that marks a stage, see `stale_receivers.ts`. */
export const markVariable = "BZMAN_MARK";

/** One stage of a remote pipeline. */
export interface ScriptStage {
  readonly argv: readonly string[];
  readonly mark?: string;
}

/** A script for a remote host. */
export type RemoteScript =
  | { readonly kind: "batch"; readonly nonce: string; readonly commands: readonly (readonly string[])[] }
  | { readonly kind: "pipeline"; readonly nonce: string; readonly stages: readonly ScriptStage[] };

// The same folders on every host, whatever PATH the other side has: what runs there is not for its environment to choose. Nor for
// files in a home; but without a HOME mbuffer complains on standard error.
const environment = (path: string): string =>
  `PATH=${quoteWord(path)};LC_ALL=C;HOME=/nonexistent;export PATH LC_ALL HOME;`;
// The newline in front makes the frame a line of its own after output that lacks its last newline.
const toStderr = `printf "\\n%s %s\\n" "$m" "$1">&2;`;
const toStdout = `printf "\\n%s %s\\n" "$m" "$1";`;

const batchHead = `r(){ ${toStdout}${toStderr}};r begin;`;
// A pipeline's standard output is data: the one frame there is `begin`, before the first byte.
const pipelineHead = `r(){ ${toStderr}};printf "\\n%s begin\\n" "$m";r begin;`;

/** A fresh nonce: 128 random bits in hexadecimal. */
export function freshNonce(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

/**
 * The text to send: one command for any login shell.
 *
 * @param path Where the host there looks for programs; only tests have another than {@linkcode systemPath}.
 * @throws {RangeError} If a word cannot be quoted, there is no command, or the text is too long.
 */
export function formatRemoteScript(script: RemoteScript, path: string = systemPath): string {
  return shellCommand(scriptBody(script, path));
}

/**
 * What `sh -c` gets of it: for a forced command that has read a script, checked it, and runs it in its own way.
 *
 * @throws {RangeError} If a word cannot be quoted, or there is no command.
 */
export function scriptBody(script: RemoteScript, path: string = systemPath): string {
  if (!/^[0-9a-f]{32}$/.test(script.nonce)) throw new RangeError("A nonce has 32 hexadecimal digits");
  const head = `${environment(path)}m="${script.nonce}";`;
  if (script.kind === "batch") {
    if (script.commands.length === 0) throw new RangeError("A batch needs at least one command");
    const commands = script.commands.map((argv, index) => `${quoteWords(argv)};r "${index} $?";`);
    return `${head}${batchHead}${commands.join("")}`;
  }
  if (script.stages.length === 0) throw new RangeError("A pipeline needs at least one stage");
  const stages = script.stages.map((stage, index) => `{ ${quoteWords(markedArgv(stage))};r "${index} $?";}`);
  return `${head}${pipelineHead}${stages.join("|")}`;
}

/**
 * Reads what {@linkcode formatRemoteScript} wrote.
 *
 * @throws {SyntaxError} If the text is not exactly one of its forms.
 */
export function parseRemoteScript(text: string): RemoteScript {
  const body = parseShellCommand(text);
  const start = environment(systemPath).length;
  const nonce = body.slice(start).match(/^m="([0-9a-f]{32})";/)?.[1];
  if (nonce === undefined) throw new SyntaxError("Not a script of bzman");
  const rest = body.slice(start + nonce.length + 5);
  const script: RemoteScript = rest.startsWith(batchHead)
    ? { kind: "batch", nonce, commands: readCommands(rest, batchHead.length, /;r "\d+ \$\?";/y) }
    : {
      kind: "pipeline",
      nonce,
      stages: readCommands(rest, pipelineHead.length + 2, /;r "\d+ \$\?";\}(?:\|\{ )?/y).map(stageOf),
    };
  // Written again it must be the same text, byte for byte: so nothing that was skipped or tolerated can pass.
  let again: string | undefined;
  try {
    again = formatRemoteScript(script);
  } catch (error) {
    throw new SyntaxError("Not a script of bzman", { cause: error });
  }
  if (again !== text) throw new SyntaxError("Not a script of bzman");
  return script;
}

function readCommands(text: string, start: number, separator: RegExp): string[][] {
  const commands: string[][] = [];
  let at = start;
  while (at < text.length) {
    const { words, end } = readWords(text, at);
    separator.lastIndex = end;
    if (!separator.test(text)) throw new SyntaxError(`Unexpected text at ${end}`);
    commands.push([...words]);
    at = separator.lastIndex;
  }
  return commands;
}

function markedArgv(stage: ScriptStage): readonly string[] {
  if (stage.argv[0] === "env") throw new RangeError("A stage is a program, not env");
  return stage.mark === undefined ? stage.argv : ["env", `${markVariable}=${stage.mark}`, ...stage.argv];
}

function stageOf(argv: readonly string[]): ScriptStage {
  const prefix = `${markVariable}=`;
  const mark = argv[0] === "env" && argv[1]?.startsWith(prefix) ? argv[1].slice(prefix.length) : undefined;
  return mark === undefined ? { argv } : { argv: argv.slice(2), mark };
}
