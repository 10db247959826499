/**
 * How things went over longer times, all jobs together.
 *
 * @module
 */

import type { PhaseName, RunRecord } from "../record.ts";
import type { DatasetDay } from "./input.ts";
import { countRuns } from "./job_report.ts";
import type { DayBar, LagPoint, PhaseShare, Window } from "./report.ts";
import { elapsedMs, hasEnded, hasFailed } from "./run_facts.ts";
import { median, sumBytes } from "./statistics.ts";

/** A day, in milliseconds. */
export const dayMs = 86_400_000;

/** The longest lag known at some time, from the sums of days before the period and from the points within it. */
export interface LagHistory {
  readonly days: readonly DatasetDay[];
  readonly points: readonly LagPoint[];
}

/**
 * Sums runs up over a stretch of time that ends now.
 *
 * @param now Milliseconds since 1970.
 */
export function window(title: string, ms: number, runs: readonly RunRecord[], lag: LagHistory, now: number): Window {
  const within = runs.filter(({ startedAt }) => startedAt >= now - ms);
  const ended = within.filter(hasEnded);
  const longest = longestLag(lag, now - ms, now);
  return {
    title,
    ms,
    runs: countRuns(ended),
    failed: countRuns(within.filter(hasFailed)),
    bytes: sumBytes(within.map(({ bytes }) => bytes)),
    medianMs: median(ended.map(elapsedMs)) || 0,
    ...(longest === undefined ? {} : { longestLagMs: longest }),
  };
}

/** The last days one by one, the oldest first; also those without a run. */
export function dayBars(count: number, runs: readonly RunRecord[], lag: LagHistory, now: number): DayBar[] {
  const byDay = Map.groupBy(runs, ({ startedAt }) => Math.floor(startedAt / dayMs));
  const today = Math.floor(now / dayMs);
  return Array.from({ length: count }, (_, index) => {
    const day = today - count + 1 + index;
    const own = byDay.get(day) ?? [];
    const longest = longestLag(lag, day * dayMs, (day + 1) * dayMs - 1);
    return {
      day: day * dayMs,
      runs: countRuns(own.filter(hasEnded)),
      failed: countRuns(own.filter(hasFailed)),
      bytes: sumBytes(own.map(({ bytes }) => bytes)),
      ...(longest === undefined ? {} : { longestLagMs: longest }),
    };
  });
}

function longestLag({ days, points }: LagHistory, since: number, until: number): number | undefined {
  let longest: number | undefined;
  const note = (lagMs: number): void => {
    longest = Math.max(longest ?? 0, lagMs);
  };
  for (const { day, longestLagMs } of days) {
    if (longestLagMs !== undefined && day + dayMs > since && day <= until) note(longestLagMs);
  }
  for (const { at, lagMs } of points) if (at >= since && at <= until) note(lagMs);
  return longest;
}

/** Where the time of runs went, in the order in which phases follow each other. */
export function phaseShares(runs: readonly RunRecord[], order: readonly PhaseName[]): PhaseShare[] {
  const sums = new Map<PhaseName, number>();
  for (const { phase, elapsedMs } of runs.flatMap(({ phases }) => phases)) {
    sums.set(phase, (sums.get(phase) ?? 0) + elapsedMs);
  }
  const total = [...sums.values()].reduce((sum, elapsedMs) => sum + elapsedMs, 0);
  return order.filter((phase) => sums.has(phase)).map((phase) => {
    const elapsedMs = sums.get(phase) ?? 0;
    return { phase, elapsedMs, share: total > 0 ? elapsedMs / total : 0 };
  });
}
