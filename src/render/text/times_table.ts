/**
 * The table of elapsed times that ends a run.
 *
 * @module
 */

import type { PhaseTime, RunRecord } from "../../core/record.ts";
import { durationText } from "./duration.ts";
import { textTable } from "./text_table.ts";

/**
 * The elapsed time of each phase and of the whole run, as lines.
 *
 * @param totalMs The time the whole run took, in milliseconds: more than the sum, since not all of it is in a phase.
 */
export function timesTable(phases: readonly PhaseTime[], totalMs: number): string[] {
  return textTable([{ title: "elapsed times" }, { title: "", align: "right" }], timesRows(phases, totalMs));
}

/** The same as one line: `elapsed times: send 1.2 s, verify 0.1 s, total 1.5 s`. */
export function timesLine(phases: readonly PhaseTime[], totalMs: number): string {
  return `elapsed times: ${timesRows(phases, totalMs).map((row) => row.join(" ")).join(", ")}`;
}

function timesRows(phases: readonly PhaseTime[], totalMs: number): string[][] {
  const sums = new Map<string, number>();
  for (const { phase, elapsedMs } of phases) sums.set(phase, (sums.get(phase) ?? 0) + elapsedMs);
  return [...sums, ["total", totalMs] as const].map(([phase, ms]) => [phase, durationText(ms)]);
}

/** The time a run took in milliseconds, as far as it is known. */
export function elapsedOf(run: Pick<RunRecord, "startedAt" | "endedAt" | "phases">): number {
  if (run.endedAt !== undefined) return Math.max(0, run.endedAt - run.startedAt);
  return run.phases.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
}
