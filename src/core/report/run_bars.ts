/**
 * Runs as bars of a chart.
 *
 * @module
 */

import type { RunRecord } from "../record.ts";
import type { RunBar } from "./report.ts";
import { elapsedMs, hasEnded, hasFailed } from "./run_facts.ts";

/** More bars than this cannot be told apart. */
const maxBars = 144;

/**
 * One bar a run; where there are too many, one a stretch of time.
 *
 * @param runs The oldest first.
 * @param since The beginning of the period, `until` its end, milliseconds since 1970.
 */
export function runBars(runs: readonly RunRecord[], since: number, until: number): RunBar[] {
  const ended = runs.filter(hasEnded);
  if (ended.length <= maxBars) return ended.map((run) => barOf(run.startedAt, [run]));
  const width = (until - since) / maxBars;
  const stretches = Map.groupBy(ended, ({ startedAt }) => Math.floor((startedAt - since) / width));
  return [...stretches].map(([index, group]) => barOf(since + index * width, group));
}

function barOf(at: number, runs: readonly RunRecord[]): RunBar {
  return {
    at,
    bytes: runs.reduce((sum, { bytes }) => sum + bytes, 0n),
    elapsedMs: Math.max(...runs.map(elapsedMs)),
    runs: runs.reduce((sum, { count }) => sum + count, 0),
    failed: runs.filter(hasFailed).reduce((sum, { count }) => sum + count, 0),
  };
}
