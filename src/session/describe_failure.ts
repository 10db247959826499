/**
 * What is said when a command throws, and the exit status it leads to.
 *
 * @module
 */

import { UsageError } from "../config/usage_error.ts";
import { exitStatus, Fault, faultLine } from "../core/fault.ts";
import { jsonLine } from "../render/text/json_line.ts";
import { terminalLines, terminalText } from "../render/text/terminal_text.ts";
import type { ExitConvention } from "./context.ts";
import { Interruption } from "../interruption.ts";
import { uncaughtIn } from "../uncaught_error.ts";

/** A failure, ready to be told. */
export interface Failure {
  /** What to print, line ends included; the first line is the whole message. */
  readonly text: string;
  /** The document to print with `--json`, line end included. */
  readonly json: string;
  readonly exit: number;
}

/** What bears on how a failure is told. */
export interface FailureOptions {
  /** Whether to show where it came from. */
  readonly debug: boolean;
  readonly convention: ExitConvention;
  /** Aborted when a signal asked bzman to stop. */
  readonly signal: AbortSignal;
}

/** What went wrong, before it is laid out. */
interface Words {
  readonly errorClass: string;
  readonly message: string;
  readonly next?: string | undefined;
  readonly exit: number;
}

/** What a monitoring plugin answers when it cannot tell. */
const unknown = 3;

/** Describes whatever a command threw. */
export function describeFailure(error: unknown, options: FailureOptions): Failure {
  const words = wordsFor(error, options.signal);
  const stopped = words.errorClass === "interrupted";
  const checks = options.convention === "checks" && !stopped;
  const exit = checks ? unknown : words.exit;
  const { errorClass, message, next } = words;
  const line = `${checks ? "UNKNOWN" : "bzman"}: ${terminalText(message.replaceAll(/\s*\n\s*/g, "; "))}`;
  const stack = options.debug && error instanceof Error ? `${terminalLines(stackOf(error))}\n` : "";
  return {
    text: `${line}${advice(error, line, next)}\n${stack}`,
    json: jsonLine({ error: { errorClass, message, ...(next === undefined ? {} : { next }), exitStatus: exit } }),
    exit,
  };
}

function wordsFor(thrown: unknown, signal: AbortSignal): Words {
  // What it led to, such as a command that was stopped, is not the cause.
  const error = uncaughtIn(signal) ?? thrown;
  if (error instanceof UsageError) {
    return { errorClass: "usage", message: error.message, next: error.next, exit: exitStatus.usage };
  }
  if (error instanceof Fault) {
    const { errorClass, next, exit } = error.parts;
    return { errorClass, message: faultLine(error.parts), next, exit };
  }
  const reason = signal.aborted ? signal.reason : undefined;
  if (reason instanceof Interruption) {
    return { errorClass: "interrupted", message: reason.message, exit: reason.exit };
  }
  return {
    errorClass: "internal",
    message: `internal error: ${error instanceof Error ? error.message : String(error)}`,
    next: "please report it, with what bzman says when run again with --debug",
    exit: exitStatus.failed,
  };
}

/** A usage error is one line with its advice; a fault's advice, often commands, has a line of its own. */
function advice(error: unknown, line: string, next: string | undefined): string {
  if (next === undefined) return "";
  if (error instanceof UsageError) return `${/[.?]$/.test(line) ? "" : "."} ${terminalText(next)}`;
  return `\nnext: ${terminalLines(next)}`;
}

/** The stack of an error and of what caused it. */
function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
