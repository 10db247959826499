/**
 * One job of the report.
 *
 * @module
 */

import { failureSeverity } from "../alerts/alert_state.ts";
import { type CheckVerdict, worstOf } from "../check.ts";
import type { RunRecord } from "../record.ts";
import { datasetLines, onlyOnTarget } from "./dataset_lines.ts";
import type { JobInput } from "./input.ts";
import { lagSeries, thinOut } from "./lag_series.ts";
import type { JobReport } from "./report.ts";
import { runBars } from "./run_bars.ts";
import { elapsedMs, hasEnded, hasFailed, sendMs } from "./run_facts.ts";
import { sumBytes } from "./statistics.ts";

/** When to look from, and at what. Times are in milliseconds. */
export interface Period {
  readonly since: number;
  readonly now: number;
  readonly objectiveMs: number;
}

/** What happened to a job. */
export function jobReport(input: JobInput, period: Period): JobReport {
  const { since, now, objectiveMs } = period;
  const runs = input.runs.filter(({ startedAt }) => startedAt >= since);
  const last = input.runs.findLast(hasEnded);
  const datasets = datasetLines(input, now, objectiveMs);
  const lag = lagSeries(runs, input.entries, now);
  const lags = datasets.map(({ lagMs }) => lagMs).filter((lagMs) => lagMs !== undefined);
  const longest = lag.reduce((most, { lagMs }) => Math.max(most, lagMs), Math.max(0, ...lags));
  return {
    job: input.job,
    source: input.source,
    target: input.target,
    verdict: worstOf([
      ...datasets.map(({ verdict }) => verdict),
      runVerdict(last, input.lastSuccessAt, now, objectiveMs),
    ]),
    ...(last ? { lastResult: last.result, lastRunAt: last.startedAt } : {}),
    ...(last?.errorClass === undefined ? {} : { lastClass: last.errorClass }),
    ...(input.lastSuccessAt === undefined ? {} : { lastSuccessAt: input.lastSuccessAt }),
    failureStreak: input.failureStreak,
    runs: countRuns(runs.filter(hasEnded)),
    failed: countRuns(runs.filter(hasFailed)),
    bytes: sumBytes(runs.map(({ bytes }) => bytes)),
    elapsedMs: runs.reduce((sum, run) => sum + elapsedMs(run), 0),
    sendMs: runs.reduce((sum, run) => sum + sendMs(run), 0),
    ...(lags.length > 0 ? { lagMs: Math.max(...lags), longestLagMs: longest } : {}),
    datasets,
    onlyOnTarget: onlyOnTarget(input),
    chartSince: chartSince(runs[0]?.startedAt ?? since, since, now),
    bars: runBars(runs, since, now),
    lag: thinOut(lag, 300),
  };
}

/** A job of today would be a speck at the end of a chart of a week. */
function chartSince(first: number, since: number, now: number): number {
  return now - first < (now - since) / 2 ? first - (now - first) / 12 : since;
}

/** How many runs these records stand for. */
export function countRuns(runs: readonly Pick<RunRecord, "count">[]): number {
  return runs.reduce((sum, { count }) => sum + count, 0);
}

function runVerdict(
  last: RunRecord | undefined,
  lastSuccessAt: number | undefined,
  now: number,
  objectiveMs: number,
): CheckVerdict {
  if (last === undefined) return "unknown";
  return hasFailed(last) ? failureSeverity(lastSuccessAt, now, objectiveMs) : "ok";
}
