/**
 * What of a report goes into the mail: some mail programs cut off what is longer than 100 kB.
 *
 * @module
 */

import type { DatasetLine, JobReport } from "../../../core/report/report.ts";

/** So many datasets of a job, those with trouble first. */
const maxDatasets = 20;
/** Charts of so many jobs. */
const maxCharts = 4;

/** The datasets to show, and how many more there are. */
export function shownDatasets(job: JobReport): { readonly lines: readonly DatasetLine[]; readonly more: number } {
  const troubled = job.datasets.filter(({ verdict }) => verdict !== "ok");
  const well = job.datasets.filter(({ verdict }) => verdict === "ok");
  const lines = [...troubled.slice(0, 2 * maxDatasets), ...well.slice(0, Math.max(0, maxDatasets - troubled.length))];
  return { lines, more: job.datasets.length - lines.length };
}

/** The content identifiers of a job's charts; `undefined` when it has none. */
export function imageIds(job: JobReport, index: number): { readonly lag: string; readonly bytes: string } | undefined {
  if (index >= maxCharts || job.bars.length === 0) return undefined;
  return { lag: `lag-${index + 1}@bzman`, bytes: `bytes-${index + 1}@bzman` };
}
