/**
 * How a job stands, as the record alone tells it: also while its target is down. Pure.
 *
 * @module
 */

import { worstOf } from "../check.ts";
import { lagVerdict } from "../lag.ts";
import type { DatasetRecord } from "../record.ts";
import type { DatasetStatus, DatasetTraffic, JobFacts, JobStatus, StatusInputs, Traffic } from "./job_facts.ts";
import { judgeJob } from "./judge_job.ts";

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
