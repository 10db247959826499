/**
 * Builds the report of what the record holds. Pure: the same data at the same moment gives the same report.
 *
 * @module
 */

import { type CheckVerdict, worstOf } from "../check.ts";
import { phaseNames } from "../record.ts";
import { jobAnomalies, poolAnomalies } from "./anomalies.ts";
import { failureReports } from "./failures.ts";
import type { ReportInput } from "./input.ts";
import { jobReport } from "./job_report.ts";
import { poolReports } from "./pool_report.ts";
import { headline, summary } from "./headline.ts";
import { reasonsOf } from "./reasons.ts";
import type { JobReport, Reason, Report } from "./report.ts";
import { dayBars, dayMs, phaseShares, window } from "./trend.ts";

export function buildReport(input: ReportInput): Report {
  const { now, sinceMs, objectiveMs, format } = input;
  const since = now - sinceMs;
  const jobs = input.jobs.map((job) => jobReport(job, { since, now, objectiveMs }));
  const pools = poolReports(input.pools, { now, format });
  const failures = input.jobs.flatMap((job) => failureReports(job, since))
    .sort((a, b) => Number(a.isOver) - Number(b.isOver) || b.lastAt - a.lastAt);
  const period = { since, now, format };
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
    headline: headline(verdict, jobs, reasons, input.unreplicated?.length ?? 0, objectiveMs),
    summary: summary(jobs, sinceMs, objectiveMs, format),
    reasons,
    jobs,
    windows: [
      window(`last ${format.span(sinceMs)}`, sinceMs, runs, lag, now),
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
