/**
 * Why the verdict is what it is, in plain words, the worst first.
 *
 * @module
 */

import type { OpenAlert, ReportWords } from "./input.ts";
import { lagVerdict } from "../lag.ts";
import type { Anomaly, FailureReport, JobReport, Place, Reason } from "./report.ts";
import type { PoolReport } from "./pool_report.ts";

/** What reasons are found in. */
export interface ReasonInputs {
  readonly jobs: readonly JobReport[];
  readonly pools: readonly PoolReport[];
  readonly anomalies: readonly Anomaly[];
  readonly failures: readonly FailureReport[];
  readonly alerts: readonly OpenAlert[];
  readonly waitingMails: number;
  readonly objectiveMs: number;
  readonly words: ReportWords;
}

const ranks: Readonly<Record<Reason["verdict"], number>> = { critical: 0, warning: 1, unknown: 2, notice: 3 };

/** All reasons; none on a quiet night. */
export function reasonsOf(inputs: ReasonInputs): Reason[] {
  const found = [
    ...inputs.jobs.flatMap((job, index) => jobReasons(job, index, inputs)),
    ...inputs.pools.flatMap((pool, index) => poolReasons(pool, index, inputs.alerts)),
    ...alertReasons(inputs),
    ...inputs.anomalies.map(({ subject, text, verdict }, index): Reason => ({
      verdict,
      text: `${subject}: ${text}`,
      place: { part: "unusual", index },
    })),
    ...inputs.failures.flatMap((failure, index) => overReason(failure, index, inputs.words)),
    ...mailReason(inputs.waitingMails),
  ];
  return found.sort((a, b) => ranks[a.verdict] - ranks[b.verdict]);
}

function jobReasons(job: JobReport, index: number, { failures, objectiveMs, words }: ReasonInputs): Reason[] {
  const open = failures.findIndex((failure) => failure.job === job.job && !failure.isOver);
  const failure = failures[open];
  const place: Place = open >= 0 ? { part: "failure", index: open } : { part: "job", index };
  if (job.lastResult === undefined) {
    return [{ verdict: "unknown", text: `${job.job} has never run to its end`, place }];
  }
  const failing = failure !== undefined && job.failureStreak > 0
    ? [
      {
        verdict: job.verdict === "critical" ? "critical" : "warning",
        text: `${job.job}: ${streak(job.failureStreak)} failed: ${failure.message}`,
        ...(failure.advice === undefined ? {} : { next: failure.advice }),
        place,
      } as const,
    ]
    : [];
  return [...failing, ...lagReasons(job, index, objectiveMs, words, failing.length > 0 ? place : undefined)];
}

/** Datasets that lag: those that lag as much as the worst are told in one sentence. */
function lagReasons(job: JobReport, index: number, objectiveMs: number, words: ReportWords, cause?: Place): Reason[] {
  return (["critical", "warning"] as const).flatMap((verdict): Reason[] => {
    const late = job.datasets.filter(({ lagMs }) => lagVerdict(lagMs, objectiveMs) === verdict);
    if (late.length === 0) return [];
    const worst = Math.max(...late.map(({ lagMs }) => lagMs ?? 0));
    const who = late.length === 1
      ? `the copy of ${late[0]?.dataset} is`
      : `the copies of ${late.length} datasets are up to`;
    const text = `${job.job}: ${who} ${words.duration(worst)} old; it should stay below ${words.span(objectiveMs)}`;
    return [{ verdict, text, place: cause ?? { part: "job", index } }];
  });
}

/** An alert of `bzman health` names the device, which the samples do not: where there is one, it speaks for the pool. */
function poolReasons(pool: PoolReport, index: number, alerts: readonly OpenAlert[]): Reason[] {
  const place: Place = { part: "pool", index };
  const label = `pool ${pool.host}:${pool.pool}`;
  const alert = alerts.find((entry) => speaksFor(entry, pool));
  const told = alert ? [{ verdict: alert.state.severity, text: `${label}: ${alert.what}`, place }] : [];
  const troubles = alert ? pool.troubles.filter(({ about }) => about === "space") : pool.troubles;
  return [...told, ...troubles.map(({ verdict, text }) => ({ verdict, text: `${label}: ${text}`, place }))];
}

function speaksFor({ key }: OpenAlert, { host, pool }: PoolReport): boolean {
  return key === `health ${pool}` || key === `health ${host}:${pool}`;
}

/** Alerts of `bzman health` and `bzman verify` about what no sample shows. */
function alertReasons({ alerts, pools }: ReasonInputs): Reason[] {
  return alerts
    .filter(({ key }) => /^(?:health|verify) /.test(key))
    .filter((alert) => !pools.some((pool) => speaksFor(alert, pool)))
    .map(({ key, what, state }) => ({ verdict: state.severity, text: `${key}: ${what}` }));
}

/** Failures that are over: worth a line, no trouble. */
function overReason(failure: FailureReport, index: number, words: ReportWords): Reason[] {
  if (!failure.isOver) return [];
  const when = failure.count === 1
    ? `one run failed, at ${words.time(failure.lastAt)}`
    : `${failure.count} runs failed, ${words.time(failure.firstAt)} to ${words.time(failure.lastAt)}`;
  const text = `${failure.job}: ${when} (${failure.errorClass}); it has succeeded since`;
  return [{ verdict: "notice", text, place: { part: "failure", index } }];
}

function mailReason(count: number): Reason[] {
  if (count === 0) return [];
  const text = `${count === 1 ? "one mail waits" : `${count} mails wait`} to go out`;
  return [{ verdict: "warning", text, next: "bzman mail test" }];
}

function streak(count: number): string {
  return count === 1 ? "its last run" : `its last ${count} runs`;
}
