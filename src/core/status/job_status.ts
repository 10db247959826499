/**
 * How a job stands, as the record alone tells it: also while its target is down. Pure.
 *
 * @module
 */

import type { Severity } from "../alerts.ts";
import { type CheckFinding, type CheckVerdict, type Show, worstOf } from "../check.ts";
import { lagVerdict } from "../lag.ts";
import type { DatasetRecord, RunRecord } from "../record.ts";
import { judgeJob } from "./judge_job.ts";

/** What the record knows of a job. */
export interface JobFacts {
  readonly job: string;
  /** `host:dataset` of both sides. */
  readonly source: string;
  readonly target: string;
  /** The newest run that ended: not one under way, nor one that found the lock taken. */
  readonly lastRun: RunRecord | undefined;
  /** The run under way. */
  readonly running: RunRecord | undefined;
  /** When it last succeeded in whole, milliseconds since 1970. */
  readonly lastSuccessAt: number | undefined;
  /** How many runs failed one after another, up to now. */
  readonly streak: number;
  /** What the last run that got so far did to each dataset. */
  readonly current: readonly DatasetRecord[];
  /** By name on the target: the newest success. */
  readonly successes: ReadonlyMap<string, DatasetSuccess>;
  /** By name on the target: failures in a row. */
  readonly streaks: ReadonlyMap<string, number>;
  /** By name on the target. */
  readonly traffic: ReadonlyMap<string, DatasetTraffic>;
  /** Of whole runs, so that it counts each stream once. */
  readonly rate: Rate;
  /** How many snapshots of others the target keeps although the source has them no more; `undefined`: not known. */
  readonly foreignSnapshots: number | undefined;
  /** What `bzman verify` found wrong with the copy, until it finds it well again. */
  readonly verifyAlerts: readonly { readonly severity: Severity; readonly what: string }[];
}

/** A dataset that arrived. Times in milliseconds since 1970. */
export interface DatasetSuccess {
  /** When the run began that brought it. */
  readonly at: number;
  /** When its newest version was made. */
  readonly createdAt: number | undefined;
}

/** How much travels. */
export interface Traffic {
  /** Bytes of the last 24 hours. */
  readonly dayBytes: bigint;
  /** Bytes of a usual day: the average of the week before; `undefined` while there is none. */
  readonly usualBytes: bigint | undefined;
}

/** The same of one dataset, and how fast the streams flowed that carried it. */
export interface DatasetTraffic extends Traffic {
  readonly rate: Rate;
}

/** How fast it travels, in bytes a second: in the last 24 hours, and in the week before; `undefined` where nothing did. */
export interface Rate {
  readonly day: number | undefined;
  readonly usual: number | undefined;
}

/** A dataset of a job. */
export interface DatasetStatus {
  readonly dataset: string;
  readonly target: string;
  readonly verdict: CheckVerdict;
  /** In milliseconds; `undefined`: never copied, or not known. */
  readonly lagMs: number | undefined;
  readonly lastSuccessAt: number | undefined;
  readonly streak: number;
  readonly result: DatasetRecord["result"];
  readonly message: string | undefined;
  readonly traffic: DatasetTraffic;
}

/** A job. */
export interface JobStatus {
  readonly job: string;
  readonly source: string;
  readonly target: string;
  readonly verdict: CheckVerdict;
  /** The worst of its datasets. */
  readonly lagMs: number | undefined;
  readonly lastRun: RunRecord | undefined;
  readonly running: RunRecord | undefined;
  readonly lastSuccessAt: number | undefined;
  readonly streak: number;
  readonly datasets: readonly DatasetStatus[];
  /** Datasets that only the target has. */
  readonly orphans: readonly string[];
  /** Those of them on which a copy depends, being a clone; `why` names it. */
  readonly neededOrphans: readonly { readonly orphan: string; readonly why: string }[];
  readonly traffic: Traffic;
  readonly rate: Rate;
  /** As in {@linkcode JobFacts}. */
  readonly foreignSnapshots: number | undefined;
  readonly findings: readonly CheckFinding[];
}

/** What bears on the judgement of every job. */
export interface StatusInputs {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The lag to stay below, in milliseconds. */
  readonly objectiveMs: number;
  readonly show: Show;
}

const none: DatasetTraffic = { dayBytes: 0n, usualBytes: undefined, rate: { day: undefined, usual: undefined } };

/** How a job stands. */
export function jobStatus(facts: JobFacts, inputs: StatusInputs): JobStatus {
  const datasets = facts.current.filter(({ result }) => result !== "vanished")
    .map((entry) => datasetStatus(entry, facts, inputs));
  const lags = datasets.map(({ lagMs }) => lagMs).filter((lagMs) => lagMs !== undefined);
  const vanished = facts.current.filter(({ result }) => result === "vanished");
  const findings = judgeJob(facts, datasets, inputs);
  return {
    job: facts.job,
    source: facts.source,
    target: facts.target,
    verdict: worstOf(findings.map(({ verdict }) => verdict)),
    lagMs: lags.length > 0 ? Math.max(...lags) : undefined,
    lastRun: facts.lastRun,
    running: facts.running,
    lastSuccessAt: facts.lastSuccessAt,
    streak: facts.streak,
    datasets,
    orphans: vanished.map(({ target }) => target),
    neededOrphans: vanished.flatMap(({ target, message }) =>
      message === undefined ? [] : [{ orphan: target, why: message }]
    ),
    traffic: sum(datasets.map(({ traffic }) => traffic)),
    rate: facts.rate,
    foreignSnapshots: facts.foreignSnapshots,
    findings,
  };
}

function datasetStatus(entry: DatasetRecord, facts: JobFacts, { now, objectiveMs }: StatusInputs): DatasetStatus {
  const { dataset, target, result, message } = entry;
  const success = facts.successes.get(target);
  const createdAt = entry.toCreatedAt ?? success?.createdAt;
  const lagMs = createdAt === undefined ? undefined : Math.max(0, now - createdAt);
  const streak = facts.streaks.get(target) ?? 0;
  const lag = success === undefined ? "critical" : lagVerdict(lagMs, objectiveMs);
  return {
    dataset,
    target,
    verdict: worstOf([lag, streak > 0 ? "warning" : "ok"]),
    lagMs,
    lastSuccessAt: success?.at,
    streak,
    result,
    message,
    traffic: facts.traffic.get(target) ?? none,
  };
}

function sum(all: readonly Traffic[]): Traffic {
  const usual = all.map(({ usualBytes }) => usualBytes).filter((bytes) => bytes !== undefined);
  return {
    dayBytes: all.reduce((total, { dayBytes }) => total + dayBytes, 0n),
    usualBytes: usual.length > 0 ? usual.reduce((total, bytes) => total + bytes, 0n) : undefined,
  };
}
