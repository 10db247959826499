/**
 * Finds the stage to blame for a failed pipeline.
 *
 * @module
 */

import type { StageOutcome } from "../../core/ports.ts";

/** A stage that ended, and how much its status says. */
export interface EndedStage {
  readonly outcome: StageOutcome;
  /**
   * `own`: it ended by itself. `ended-by-us`: bzman ended it, so its status is bzman's doing. `unknown`: the connection
   * broke before its status arrived. `excused`: its status does not matter (ssh, when all remote stages reported).
   */
  readonly knowledge: "own" | "ended-by-us" | "unknown" | "excused";
}

/** 128 + SIGPIPE. */
export const sigpipe = 141;

/**
 * The leftmost stage that failed by itself. A stage that only lost its reader is a victim: SIGPIPE, or the words of a
 * program that ignores the signal and gets EPIPE. When there are victims only, the session that never reported; then
 * the leftmost victim; then what bzman had to end.
 */
export function rootCause(stages: readonly EndedStage[]): StageOutcome | undefined {
  const failed = stages.filter((stage) => stage.outcome.status !== 0 && stage.knowledge !== "excused");
  const own = failed.filter((stage) => stage.knowledge === "own");
  const guilty = own.find((stage) => !lostItsReader(stage.outcome)) ??
    failed.find(({ knowledge, outcome }) => knowledge === "unknown" && outcome.connection !== undefined) ?? own[0] ??
    failed.find((stage) => stage.knowledge === "ended-by-us") ?? failed[0];
  return guilty?.outcome;
}

function lostItsReader(outcome: StageOutcome): boolean {
  // "Broken pipe" from ssh is the connection itself, not a reader of its own.
  if (outcome.connection !== undefined) return false;
  return outcome.status === sigpipe || /broken pipe|\bEPIPE\b/i.test(outcome.stderrTail);
}
