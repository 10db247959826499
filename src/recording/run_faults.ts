/**
 * What a run that threw is recorded and told as.
 *
 * @module
 */

import { exitStatus, Fault, type FaultParts } from "../core/fault.ts";
import type { PhaseTime, RunRecord } from "../core/record.ts";
import type { Context } from "../session/context.ts";
import { Interruption } from "../interruption.ts";
import { uncaughtIn } from "../uncaught_error.ts";
import { faultedRun } from "./run_record.ts";

/**
 * The exit status of a run that a signal stopped, or `undefined`.
 *
 * @throws {UncaughtError} When it was no signal but an error that nothing caught.
 */
export function interruptionExit(context: Context): number | undefined {
  const uncaught = uncaughtIn(context.signal);
  if (uncaught !== undefined) throw uncaught;
  if (!context.signal.aborted) return undefined;
  return context.signal.reason instanceof Interruption ? context.signal.reason.exit : exitStatus.terminated;
}

/** A defect of bzman's own must still leave a record and a mail. */
export function faultOf(error: unknown, context: Context): FaultParts {
  const uncaught = uncaughtIn(context.signal);
  if (uncaught !== undefined) return defect(uncaught);
  const exit = interruptionExit(context);
  if (exit !== undefined) return { errorClass: "interrupted", what: "bzman was told to stop", exit };
  if (error instanceof Fault) return error.parts;
  return defect(error);
}

function defect(error: unknown): FaultParts {
  return {
    errorClass: "defect",
    what: "bzman failed because of a bug in bzman",
    why: error instanceof Error ? error.message : String(error),
    next: "report what this prints: run the same command again with --debug",
    ...(error instanceof Error && error.stack !== undefined ? { stderrTail: error.stack } : {}),
    exit: exitStatus.failed,
  };
}

/** The record of a run that threw. */
export function faulted(run: RunRecord, fault: FaultParts, phases: readonly PhaseTime[], context: Context): RunRecord {
  const result = fault.errorClass === "interrupted"
    ? "interrupted"
    : fault.exit === exitStatus.locked
    ? "locked"
    : fault.exit === exitStatus.refused
    ? "refused"
    : "failed";
  return faultedRun(run, fault, result, phases, context.clock());
}
