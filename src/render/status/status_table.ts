/**
 * Jobs and their datasets, as tables.
 *
 * @module
 */

import type { DatasetStatus, JobStatus, Traffic } from "../../core/status/job_facts.ts";
import { verdictWord } from "../check/check_text.ts";
import { bytesText } from "../text/bytes.ts";
import { durationText } from "../text/duration.ts";
import { type TableColumn, textTable } from "../text/text_table.ts";
import { timeText } from "../text/timestamp.ts";

const jobColumns: readonly TableColumn[] = [
  { title: "JOB", shrink: "end" },
  { title: "VERDICT" },
  { title: "LAG", align: "right" },
  { title: "LAST SUCCESS", drop: 5 },
  { title: "FAILED", align: "right" },
  { title: "DATASETS", align: "right", drop: 4 },
  { title: "LAST 24 H", align: "right", drop: 3 },
  { title: "USUAL DAY", align: "right", drop: 1 },
  { title: "RATE", align: "right", drop: 6 },
  { title: "USUAL RATE", align: "right", drop: 2 },
];

/** One line a job. `width`: the terminal's, in cells; `undefined` when piped. */
export function jobTable(jobs: readonly JobStatus[], width?: number): string[] {
  return textTable(
    jobColumns,
    jobs.map((job) => [
      job.job,
      verdictWord[job.verdict],
      lagText(job.lagMs),
      job.lastSuccessAt === undefined ? "never" : timeText(job.lastSuccessAt),
      String(job.streak),
      String(job.datasets.length),
      ...trafficText(job.traffic),
      perSecond(job.rate.day),
      perSecond(job.rate.usual),
    ]),
    width,
  );
}

const datasetColumns: readonly TableColumn[] = [
  { title: "DATASET", shrink: "end" },
  { title: "TARGET", shrink: "end", drop: 4 },
  { title: "VERDICT" },
  { title: "LAG", align: "right" },
  { title: "LAST SUCCESS", drop: 3 },
  { title: "FAILED", align: "right" },
  { title: "LAST 24 H", align: "right", drop: 2 },
  { title: "USUAL DAY", align: "right", drop: 1 },
  { title: "RATE", align: "right", drop: 6 },
  { title: "USUAL RATE", align: "right", drop: 5 },
];

/** One line a dataset; `width` as for {@linkcode jobTable}. */
export function datasetStatusTable(datasets: readonly DatasetStatus[], width?: number): string[] {
  return textTable(
    datasetColumns,
    datasets.map((dataset) => [
      dataset.dataset,
      dataset.target,
      verdictWord[dataset.verdict],
      lagText(dataset.lagMs),
      dataset.lastSuccessAt === undefined ? "never" : timeText(dataset.lastSuccessAt),
      String(dataset.streak),
      ...trafficText(dataset.traffic),
      perSecond(dataset.traffic.rate.day),
      perSecond(dataset.traffic.rate.usual),
    ]),
    width,
  );
}

function lagText(lagMs: number | undefined): string {
  return lagMs === undefined ? "-" : durationText(lagMs);
}

function trafficText({ dayBytes, usualBytes }: Traffic): [string, string] {
  return [bytesText(dayBytes), usualBytes === undefined ? "-" : bytesText(usualBytes)];
}

function perSecond(rate: number | undefined): string {
  return rate === undefined ? "-" : `${bytesText(rate)}/s`;
}
