/**
 * The replication log as tables: one line a run, or one a dataset.
 *
 * @module
 */

import type { DatasetRecord, RunRecord } from "../../core/record.ts";
import { bytesText } from "../text/bytes.ts";
import { durationText } from "../text/duration.ts";
import { type TableColumn, textTable } from "../text/text_table.ts";
import { elapsedOf } from "../text/times_table.ts";
import { timeText } from "../text/timestamp.ts";

/** A dataset with what places it in the log. */
export interface LoggedDataset extends DatasetRecord {
  readonly runId: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

const runColumns: readonly TableColumn[] = [
  { title: "RUN", align: "right", drop: 4 },
  { title: "STARTED" },
  { title: "SOURCE", shrink: "end" },
  { title: "TARGET", shrink: "end" },
  { title: "FROM", shrink: "end", drop: 3 },
  { title: "TO", shrink: "end", drop: 2 },
  { title: "BYTES", align: "right" },
  { title: "TIME", align: "right" },
  { title: "RESULT", shrink: "start" },
];

/**
 * One line a run.
 *
 * @param runs In the order to show.
 * @param width The terminal's width in cells; `undefined` when piped.
 */
export function runTable(runs: readonly RunRecord[], width?: number): string[] {
  const rows = runs.map((run) => [
    String(run.id),
    timeText(run.startedAt),
    run.source,
    run.target,
    run.from ?? "-",
    run.to ?? "-",
    bytesText(run.bytes),
    durationText(elapsedOf(run)),
    runResult(run),
  ]);
  return textTable(runColumns, rows, width);
}

/** How a run ended, in a few words: `ok`, `failed: ssh-unreachable`, `locked ×3`. */
export function runResult(run: Pick<RunRecord, "result" | "errorClass" | "count">): string {
  const why = run.errorClass === undefined || run.errorClass === run.result ? "" : `: ${run.errorClass}`;
  return `${run.result}${why}${run.count > 1 ? ` ×${run.count}` : ""}`;
}

const datasetColumns: readonly TableColumn[] = [
  { title: "RUN", align: "right", drop: 5 },
  { title: "STARTED", drop: 4 },
  { title: "DATASET", shrink: "end" },
  { title: "TARGET", shrink: "end", drop: 3 },
  { title: "KIND", drop: 2 },
  { title: "FROM", shrink: "end", drop: 6 },
  { title: "TO", shrink: "end", drop: 1 },
  { title: "BYTES", align: "right" },
  { title: "TIME", align: "right" },
  { title: "RESULT", shrink: "start" },
];

/** One line a dataset; `width` as for {@linkcode runTable}. */
export function datasetTable(datasets: readonly LoggedDataset[], width?: number): string[] {
  const rows = datasets.map((entry) => [
    String(entry.runId),
    timeText(entry.startedAt),
    entry.dataset,
    entry.target,
    entry.kind,
    entry.from ?? "-",
    entry.to ?? "-",
    bytesText(entry.bytes),
    durationText(entry.elapsedMs),
    entry.errorClass === undefined ? entry.result : `${entry.result}: ${entry.errorClass}`,
  ]);
  return textTable(datasetColumns, rows, width);
}
