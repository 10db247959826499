/**
 * What is said when a command throws, and the exit status it leads to.
 *
 * @module
 */

import { UsageError } from "../config/usage_error.ts";
import { exitStatus, Fault, faultLine } from "../core/fault.ts";
import { terminalLines, terminalText } from "../render/terminal_text.ts";
import { Interruption } from "./interruption.ts";

/** A failure, ready to be told. */
export interface Failure {
  /** For standard error, line ends included. */
  readonly text: string;
  /** For `--json`. */
  readonly json: Readonly<Record<string, string | number>>;
  readonly exit: number;
}

/** What bears on how a failure is told. */
export interface FailureOptions {
  /** Whether to show where it came from. */
  readonly debug: boolean;
  /** The exit status of a wrong word on the command line: 2, or 3 for commands that check. */
  readonly usageExit: number;
  /** Aborted when a signal asked bzman to stop. */
  readonly signal: AbortSignal;
}

/** Describes whatever a command threw. */
export function describeFailure(error: unknown, options: FailureOptions): Failure {
  const stack = options.debug && error instanceof Error ? `${terminalLines(stackOf(error))}\n` : "";
  if (error instanceof UsageError) {
    return {
      text: `${line(error.message)}; type: ${terminalText(error.next)}\n${stack}`,
      json: { errorClass: "usage", message: error.message, next: error.next, exitStatus: options.usageExit },
      exit: options.usageExit,
    };
  }
  if (error instanceof Fault) {
    const { errorClass, next, exit } = error.parts;
    const advice = next === undefined ? "" : `next: ${terminalLines(next)}\n`;
    return {
      text: `${line(faultLine(error.parts))}\n${advice}${stack}`,
      json: { errorClass, message: error.message, ...(next === undefined ? {} : { next }), exitStatus: exit },
      exit,
    };
  }
  const interruption = options.signal.reason;
  if (options.signal.aborted && interruption instanceof Interruption) {
    const { message, exit } = interruption;
    return {
      text: `${line(message)}\n${stack}`,
      json: { errorClass: "interrupted", message, exitStatus: exit },
      exit,
    };
  }
  const message = `internal error: ${error instanceof Error ? error.message : String(error)}`;
  const report = "please report it, with what bzman says when run again with --debug";
  return {
    text: `${line(message)}\nnext: ${report}\n${stack}`,
    json: { errorClass: "internal", message, next: report, exitStatus: exitStatus.failed },
    exit: exitStatus.failed,
  };
}

function line(message: string): string {
  return `bzman: ${terminalText(message.replaceAll(/\s*\n\s*/g, "; "))}`;
}

/** The stack of an error and of what caused it. */
function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
