/**
 * What Prometheus learns of jobs and their datasets.
 *
 * @module
 */

import type { CheckVerdict } from "../../core/check.ts";
import type { DatasetStatus, JobStatus } from "../../core/status/job_facts.ts";
import { elapsedOf } from "../text/times_table.ts";
import type { MetricFamily, MetricSample } from "./metrics_text.ts";

/** The number of a verdict: the exit status of monitoring plugins. */
export const verdictNumber: Readonly<Record<CheckVerdict, number>> = { ok: 0, warning: 1, critical: 2, unknown: 3 };

type Value = number | bigint | undefined;

/** The families of jobs. */
export function jobMetrics(jobs: readonly JobStatus[], objectiveMs: number): MetricFamily[] {
  const gauge = (name: string, help: string, value: (job: JobStatus) => Value): MetricFamily => ({
    name: `bzman_job_${name}`,
    help,
    type: "gauge",
    samples: jobs.flatMap((job) => sample(jobLabels(job), value(job))),
  });
  return [
    gauge(
      "verdict",
      "How the job stands: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
      ({ verdict }) => verdictNumber[verdict],
    ),
    gauge(
      "lag_seconds",
      "The age of the oldest copy among its datasets, when this was written.",
      ({ lagMs }) => seconds(lagMs),
    ),
    gauge("lag_objective_seconds", "The lag to stay below.", () => seconds(objectiveMs)),
    gauge(
      "last_success_timestamp_seconds",
      "When a run last fully succeeded.",
      ({ lastSuccessAt }) => seconds(lastSuccessAt),
    ),
    gauge(
      "last_run_timestamp_seconds",
      "When the last run that ended began.",
      ({ lastRun }) => seconds(lastRun?.startedAt),
    ),
    gauge(
      "last_run_success",
      "Whether the last run that ended fully succeeded.",
      ({ lastRun }) => lastRun && (lastRun.result === "ok" ? 1 : 0),
    ),
    gauge(
      "last_run_duration_seconds",
      "How long the last run that ended took.",
      ({ lastRun }) => lastRun && seconds(elapsedOf(lastRun)),
    ),
    gauge("last_run_sent_bytes", "What the last run that ended sent.", ({ lastRun }) => lastRun?.bytes),
    gauge(
      "last_run_snapshots",
      "How many snapshots the last run that ended sent.",
      ({ lastRun }) => lastRun?.snapshots,
    ),
    phases(jobs),
    gauge("running", "Whether a run is under way.", ({ running }) => running ? 1 : 0),
    gauge("consecutive_failures", "How many runs failed one after another, up to now.", ({ streak }) => streak),
    gauge("datasets", "How many datasets it replicates.", ({ datasets }) => datasets.length),
    gauge("orphaned_datasets", "How many datasets only the target has.", ({ orphans }) => orphans.length),
    gauge("last_day_sent_bytes", "What was sent in the last 24 hours.", ({ traffic }) => traffic.dayBytes),
    gauge("last_day_rate_bytes_per_second", "How fast streams went in the last 24 hours.", ({ rate }) => rate.day),
  ];
}

function phases(jobs: readonly JobStatus[]): MetricFamily {
  return {
    name: "bzman_job_last_run_phase_duration_seconds",
    help: "How long each phase of the last run that ended took.",
    type: "gauge",
    samples: jobs.flatMap((job) =>
      (job.lastRun?.phases ?? []).flatMap(({ phase, elapsedMs }) =>
        sample({ ...jobLabels(job), phase }, seconds(elapsedMs))
      )
    ),
  };
}

/** The families of datasets. */
export function datasetMetrics(jobs: readonly JobStatus[], now: number): MetricFamily[] {
  const gauge = (name: string, help: string, value: (dataset: DatasetStatus) => Value): MetricFamily => ({
    name: `bzman_dataset_${name}`,
    help,
    type: "gauge",
    samples: jobs.flatMap((job) =>
      job.datasets.flatMap((dataset) =>
        sample({ bzman_job: job.job, dataset: dataset.dataset, target: dataset.target }, value(dataset))
      )
    ),
  });
  return [
    gauge(
      "lag_seconds",
      "The age of the newest version that both sides have, when this was written.",
      ({ lagMs }) => seconds(lagMs),
    ),
    gauge(
      "newest_common_timestamp_seconds",
      "When the newest version that both sides have was made: time() minus this is the lag at any moment.",
      ({ lagMs }) => lagMs === undefined ? undefined : seconds(now - lagMs),
    ),
    gauge(
      "last_success_timestamp_seconds",
      "When the last run began that succeeded for it.",
      ({ lastSuccessAt }) => seconds(lastSuccessAt),
    ),
    gauge("consecutive_failures", "How many runs failed for it one after another, up to now.", ({ streak }) => streak),
    gauge("last_day_sent_bytes", "What was sent for it in the last 24 hours.", ({ traffic }) => traffic.dayBytes),
    gauge(
      "last_day_rate_bytes_per_second",
      "How fast the streams went that carried it in the last 24 hours.",
      ({ traffic }) => traffic.rate.day,
    ),
  ];
}

/** Prometheus has a label `job` of its own. */
function jobLabels({ job, source, target }: JobStatus): Record<string, string> {
  return { bzman_job: job, source, target };
}

/** A sample, where there is a value. */
export function sample(labels: MetricSample["labels"], value: Value): MetricSample[] {
  return value === undefined ? [] : [{ labels, value }];
}

/** Milliseconds as seconds. */
export function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms) / 1000;
}
