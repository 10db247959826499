/**
 * Builds the report of what the record holds. Pure: the same data at the same moment gives the same report.
 *
 * @module
 */

import { type CheckVerdict, worstOf } from "../check.ts";
import { phaseNames } from "../record.ts";
import { jobAnomalies, poolAnomalies } from "./anomalies.ts";
import { failureReports } from "./failures.ts";
import type { ReportInput, ReportWords } from "./input.ts";
import { jobReport } from "./job_report.ts";
import { poolReports } from "./pool_report.ts";
import { neverCopied, reasonsOf } from "./reasons.ts";
import type { JobReport, Reason, Report } from "./report.ts";
import { dayBars, dayMs, phaseShares, window } from "./trend.ts";

/** Builds it. */
export function buildReport(input: ReportInput): Report {
  const { now, sinceMs, objectiveMs, words } = input;
  const since = now - sinceMs;
  const jobs = input.jobs.map((job) => jobReport(job, { since, now, objectiveMs }));
  const pools = poolReports(input.pools, { now, words });
  const failures = input.jobs.flatMap((job) => failureReports(job, since))
    .sort((a, b) => Number(a.isOver) - Number(b.isOver) || b.lastAt - a.lastAt);
  const period = { since, now, words };
  const anomalies = [
    ...input.jobs.flatMap((job) => jobAnomalies(job, period)),
    ...poolAnomalies(input.pools, period),
  ];
  const reasons = reasonsOf({ ...input, here: input.host, jobs, pools, anomalies, failures });
  const verdict = verdictOf(jobs, reasons);
  const runs = input.jobs.flatMap((job) => job.runs).sort((a, b) => a.startedAt - b.startedAt);
  const lag = { days: input.jobs.flatMap(({ days }) => days), points: jobs.flatMap((job) => job.lag) };
  return {
    host: input.host,
    now,
    since,
    objectiveMs,
    verdict,
    headline: headline(verdict, jobs, reasons),
    summary: summary(jobs, sinceMs, words),
    reasons,
    jobs,
    windows: [
      window(`last ${words.span(sinceMs)}`, sinceMs, runs, lag, now),
      ...(sinceMs < 7 * dayMs ? [window("7 days", 7 * dayMs, runs, lag, now)] : []),
      ...(sinceMs < 30 * dayMs ? [window("30 days", 30 * dayMs, runs, lag, now)] : []),
    ],
    days: dayBars(30, runs, lag, now),
    phases: phaseShares(runs.filter(({ startedAt }) => startedAt >= since), phaseNames),
    pools,
    anomalies,
    failures,
  };
}

function verdictOf(jobs: readonly JobReport[], reasons: readonly Reason[]): CheckVerdict {
  if (jobs.length === 0) return "unknown";
  return worstOf([
    ...jobs.map(({ verdict }) => verdict),
    ...reasons.map(({ verdict }) => verdict === "notice" ? "ok" : verdict),
  ]);
}

function headline(verdict: CheckVerdict, jobs: readonly JobReport[], reasons: readonly Reason[]): string {
  const late = jobs.reduce((sum, { datasets }) => sum + datasets.filter((line) => line.verdict !== "ok").length, 0);
  const all = jobs.reduce((sum, { datasets }) => sum + datasets.length, 0);
  if (jobs.length === 0) return "No job is watched";
  if (verdict === "ok") return all === 1 ? "The dataset is protected" : `All ${all} datasets are protected`;
  const bare = jobs.filter(neverCopied).length;
  if (bare === jobs.length) return "Nothing was ever copied";
  if (late === 0 && bare > 0) return `${bare} of ${jobs.length} jobs never copied anything`;
  if (late === 0) {
    const troubles = reasons.filter((reason) => reason.verdict !== "notice").length;
    return `Every copy is current, and ${troubles === 1 ? "one thing needs" : `${troubles} things need`} a look`;
  }
  if (late === all) return all === 1 ? "The dataset is not protected" : "No dataset is protected";
  return `${late} of ${all} datasets ${late === 1 ? "is" : "are"} not protected`;
}

function summary(jobs: readonly JobReport[], sinceMs: number, words: ReportWords): string {
  if (jobs.length === 0) {
    return "None has run yet, or all were retired. Begin with: bzman replicate SOURCE TARGET";
  }
  const runs = jobs.reduce((sum, job) => sum + job.runs, 0);
  const failed = jobs.reduce((sum, job) => sum + job.failed, 0);
  const bytes = jobs.reduce((sum, job) => sum + job.bytes, 0n);
  const lags = jobs.map(({ lagMs }) => lagMs).filter((lagMs) => lagMs !== undefined);
  const well = failed === 0 ? "all went well" : `${failed} failed`;
  const oldest = lags.length === 0 ? "" : ` The oldest copy is ${words.duration(Math.max(...lags))} old.`;
  const ran = runs === 0
    ? `No run in ${words.span(sinceMs)}.`
    : runs === 1
    ? `One run in ${words.span(sinceMs)}, and it ${failed === 0 ? "went well" : "failed"}; ${words.bytes(bytes)} sent.`
    : `${runs} runs in ${words.span(sinceMs)}, ${well}; ${words.bytes(bytes)} sent.`;
  return ran + oldest;
}
