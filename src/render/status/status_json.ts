/**
 * How jobs stand, as JSON.
 *
 * @module
 */

import type { DatasetStatus, JobStatus, Rate, Traffic } from "../../core/status/job_facts.ts";
import { bytesJson, type Json } from "../text/json.ts";

/** A job with its datasets; `null` for what is not known. */
export function jobStatusJson(job: JobStatus): Json {
  const { lastRun, running } = job;
  return {
    job: job.job,
    source: job.source,
    target: job.target,
    verdict: job.verdict,
    lagMs: job.lagMs ?? null,
    lastSuccessAt: timeJson(job.lastSuccessAt),
    failureStreak: job.streak,
    lastRun: lastRun === undefined ? null : {
      startedAt: timeJson(lastRun.startedAt),
      result: lastRun.result,
      errorClass: lastRun.errorClass ?? null,
      message: lastRun.message ?? null,
    },
    runningSince: timeJson(running?.startedAt),
    ...trafficJson(job.traffic, job.rate),
    datasets: job.datasets.map(datasetStatusJson),
    onlyOnTarget: job.orphans,
    neededOnTarget: job.neededOrphans.map(({ orphan, why }) => ({ dataset: orphan, why })),
    foreignSnapshots: job.foreignSnapshots ?? null,
  };
}

function datasetStatusJson(dataset: DatasetStatus): Json {
  return {
    dataset: dataset.dataset,
    target: dataset.target,
    verdict: dataset.verdict,
    lagMs: dataset.lagMs ?? null,
    lastSuccessAt: timeJson(dataset.lastSuccessAt),
    failureStreak: dataset.streak,
    lastResult: dataset.result,
    message: dataset.message ?? null,
    ...trafficJson(dataset.traffic, dataset.traffic.rate),
  };
}

function trafficJson({ dayBytes, usualBytes }: Traffic, rate: Rate) {
  return {
    dayBytes: bytesJson(dayBytes),
    usualDayBytes: usualBytes === undefined ? null : bytesJson(usualBytes),
    bytesPerSecond: rateJson(rate.day),
    usualBytesPerSecond: rateJson(rate.usual),
  };
}

function rateJson(rate: number | undefined): number | null {
  return rate === undefined ? null : Math.round(rate);
}

function timeJson(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
