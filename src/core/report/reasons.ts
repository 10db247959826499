/**
 * Why the verdict is what it is, in plain words, the worst first.
 *
 * @module
 */

import { isForgotten } from "../alerts/alert_state.ts";
import type { OpenAlert, ReportFormatters } from "./input.ts";
import { lagVerdict } from "../lag.ts";
import { runCommand } from "../status/judge_job.ts";
import type { Anomaly, FailureReport, JobReport, Place, Reason } from "./report.ts";
import type { PoolReport } from "./pool_report.ts";

/** What reasons are found in. */
export interface ReasonInputs {
  readonly jobs: readonly JobReport[];
  readonly pools: readonly PoolReport[];
  readonly anomalies: readonly Anomaly[];
  readonly failures: readonly FailureReport[];
  readonly alerts: readonly OpenAlert[];
  /** The machine that reports, as the samples of its own pools name it. */
  readonly here: string;
  readonly unreplicated?: readonly string[];
  readonly waitingMails: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly objectiveMs: number;
  readonly format: ReportFormatters;
}

const ranks: Readonly<Record<Reason["verdict"], number>> = { critical: 0, warning: 1, unknown: 2, notice: 3 };

/** All reasons; none on a quiet night. */
export function reasonsOf(all: ReasonInputs): Reason[] {
  const inputs = { ...all, alerts: all.alerts.filter(({ state }) => !isForgotten(state, all.now)) };
  const found = [
    ...inputs.jobs.flatMap((job, index) => jobReasons(job, index, inputs)),
    ...inputs.pools.flatMap((pool, index) => poolReasons(pool, index, inputs)),
    ...alertReasons(inputs),
    ...inputs.anomalies.map(({ subject, text, verdict }, index): Reason => ({
      verdict,
      text: `${subject}: ${text}`,
      place: { part: "unusual", index },
    })),
    ...inputs.failures.flatMap((failure, index) => overReason(failure, index, inputs.format)),
    ...unreplicatedReason(inputs.unreplicated ?? []),
    ...mailReason(inputs.waitingMails),
  ];
  return found.sort((a, b) => ranks[a.verdict] - ranks[b.verdict]);
}

function jobReasons(job: JobReport, index: number, { failures, objectiveMs, format }: ReasonInputs): Reason[] {
  const open = failures.findIndex((failure) => failure.job === job.job && !failure.isOver);
  const failure = failures[open];
  const place: Place = open >= 0 ? { part: "failure", index: open } : { part: "job", index };
  if (job.lastResult === undefined && job.lastSuccessAt === undefined) {
    return [{ verdict: "unknown", text: `${job.job} has never finished a run`, place }];
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
    : job.lastResult === "interrupted"
    ? [
      {
        verdict: job.verdict === "critical" ? "critical" : "warning",
        text: `${job.job}: ${neverCopied(job) ? "nothing was ever copied; " : ""}its last run was interrupted`,
        next: runCommand(job.job),
        place,
      } as const,
    ]
    : [];
  return [
    ...failing,
    ...neverReasons(job, index),
    ...lagReasons(job, index, objectiveMs, format, failing.length > 0 ? place : undefined),
  ];
}

/** Whether a job has not brought anything over yet. */
export function neverCopied({ lastSuccessAt, datasets }: JobReport): boolean {
  return lastSuccessAt === undefined && datasets.length === 0;
}

/** Datasets that have no copy, of a job that copied others. */
function neverReasons(job: JobReport, index: number): Reason[] {
  const names = job.datasets.filter(({ lagMs, to }) => lagMs === undefined && to === undefined)
    .map(({ dataset }) => dataset);
  if (names.length === 0) return [];
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : "";
  const text = `${job.job}: never copied: ${names.slice(0, maxNamed).join(", ")}${more}`;
  return [{ verdict: "critical", text, next: runCommand(job.job), place: { part: "job", index } }];
}

/** Datasets that lag: those that lag as much as the worst are told in one sentence. */
function lagReasons(
  job: JobReport,
  index: number,
  objectiveMs: number,
  format: ReportFormatters,
  cause?: Place,
): Reason[] {
  return (["critical", "warning"] as const).flatMap((verdict): Reason[] => {
    const late = job.datasets.filter(({ lagMs }) => lagVerdict(lagMs, objectiveMs) === verdict);
    if (late.length === 0) return [];
    const worst = Math.max(...late.map(({ lagMs }) => lagMs ?? 0));
    const who = late.length === 1
      ? `the copy of ${late[0]?.dataset} is`
      : `the copies of ${late.length} datasets are up to`;
    const text = `${job.job}: ${who} ${format.duration(worst)} old; it should stay below ${format.span(objectiveMs)}`;
    return [{ verdict, text, place: cause ?? { part: "job", index } }];
  });
}

/**
 * The alerts of `bzman health` and `bzman capacity` name devices and datasets, which the samples do not, and know the
 * limits that were asked for: where there is one, it speaks for the pool.
 */
function poolReasons(pool: PoolReport, index: number, { alerts, here }: ReasonInputs): Reason[] {
  const place: Place = { part: "pool", index };
  const label = `pool ${pool.host}:${pool.pool}`;
  const own = alerts.filter((alert) => speaksFor(alert, pool, here));
  const isTold = (check: string): boolean => own.some(({ key }) => key.startsWith(`${check} `));
  const problems = pool.problems.filter(({ about }) => !isTold(about === "space" ? "capacity" : "health"));
  return [
    ...own.map(({ what, state }) => ({ verdict: state.severity, text: `${label}: ${what}`, place })),
    ...problems.map(({ verdict, text }) => ({ verdict, text: `${label}: ${text}`, place })),
  ];
}

/** Whether an alert is about a pool: of this machine's own pools it names no host. */
function speaksFor({ key }: OpenAlert, { host, pool }: PoolReport, here: string): boolean {
  const label = host === here ? pool : `${host}:${pool}`;
  return key === `health ${label}` || key === `capacity ${label}`;
}

/** Alerts about what neither the runs nor the samples show. */
function alertReasons({ alerts, pools, here }: ReasonInputs): Reason[] {
  return alerts
    .filter(({ key }) => !/^(?:replicate|lag) /.test(key))
    .filter((alert) => !pools.some((pool) => speaksFor(alert, pool, here)))
    .map(({ key, what, state }) => ({ verdict: state.severity, text: `${key}: ${what}` }));
}

/** Failures that are over: worth a line, no trouble. */
function overReason(failure: FailureReport, index: number, format: ReportFormatters): Reason[] {
  if (!failure.isOver) return [];
  const when = failure.count === 1
    ? `one run failed, at ${format.time(failure.lastAt)}`
    : `${failure.count} runs failed, ${format.time(failure.firstAt)} to ${format.time(failure.lastAt)}`;
  const text = `${failure.job}: ${when} (${failure.errorClass}); it has succeeded since`;
  return [{ verdict: "notice", text, place: { part: "failure", index } }];
}

/** At most so many datasets are named. */
const maxNamed = 3;

/** Datasets that no job covers: worth a look, and perhaps meant so. */
function unreplicatedReason(names: readonly string[]): Reason[] {
  if (names.length === 0) return [];
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : "";
  return [{
    verdict: "notice",
    text: `no job covers ${names.slice(0, maxNamed).join(", ")}${more}`,
    next: "bzman status",
  }];
}

function mailReason(count: number): Reason[] {
  if (count === 0) return [];
  const text = `${count === 1 ? "one mail waits" : `${count} mails wait`} to go out`;
  return [{ verdict: "warning", text, next: "bzman mail test" }];
}

function streak(count: number): string {
  return count === 1 ? "its last run" : `its last ${count} runs`;
}
