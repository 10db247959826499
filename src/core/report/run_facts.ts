/**
 * Small questions about runs that every part of the report asks.
 *
 * @module
 */

import type { RunRecord, RunResult } from "../record.ts";

const failures: ReadonlySet<RunResult> = new Set(["partial", "failed", "refused", "interrupted", "killed"]);

/** Whether a run ended badly. One that found the lock taken did not run at all. */
export function hasFailed({ result }: Pick<RunRecord, "result">): boolean {
  return failures.has(result);
}

/** Whether a run tells something about its job: one under way and one that found the lock taken do not. */
export function hasEnded({ result }: Pick<RunRecord, "result">): boolean {
  return result !== "running" && result !== "locked";
}

/** The time a run took, in milliseconds, as far as it is known. */
export function elapsedMs({ startedAt, endedAt, phases }: RunRecord): number {
  if (endedAt !== undefined) return Math.max(0, endedAt - startedAt);
  return phases.reduce((sum, phase) => sum + phase.elapsedMs, 0);
}

/** The time its streams took, in milliseconds. */
export function sendMs({ phases }: RunRecord): number {
  return phases.reduce((sum, phase) => phase.phase === "send" ? sum + phase.elapsedMs : sum, 0);
}
