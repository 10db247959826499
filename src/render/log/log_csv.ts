/**
 * The replication log as comma-separated values: one row a run, or one a dataset.
 *
 * @module
 */

import type { RunRecord } from "../../core/record.ts";
import { csvRow } from "../text/csv.ts";
import type { LoggedDataset } from "./log_table.ts";
import { elapsedOf } from "../text/times_table.ts";

const runTitles = [
  "run",
  "uuid",
  "job",
  "command",
  "source",
  "target",
  "started_at",
  "ended_at",
  "elapsed_ms",
  "from",
  "to",
  "bytes",
  "saved_bytes",
  "snapshots",
  "result",
  "count",
  "exit_status",
  "error_class",
  "message",
];

/** One row a run, titles first. */
export function runCsv(runs: readonly RunRecord[]): string[] {
  return [
    csvRow(runTitles),
    ...runs.map((run) =>
      csvRow([
        run.id,
        run.uuid,
        run.job,
        run.command,
        run.source,
        run.target,
        time(run.startedAt),
        run.endedAt === undefined ? undefined : time(run.endedAt),
        Math.round(elapsedOf(run)),
        run.from,
        run.to,
        run.bytes,
        run.savedBytes,
        run.snapshots,
        run.result,
        run.count,
        run.exitStatus,
        run.errorClass,
        run.message,
      ])
    ),
  ];
}

const datasetTitles = [
  "run",
  "started_at",
  "dataset",
  "target",
  "kind",
  "from",
  "to",
  "to_guid",
  "to_created_at",
  "bytes",
  "saved_bytes",
  "snapshots",
  "elapsed_ms",
  "result",
  "error_class",
  "message",
];

/** One row a dataset, titles first. */
export function datasetCsv(entries: readonly LoggedDataset[]): string[] {
  return [
    csvRow(datasetTitles),
    ...entries.map((entry) =>
      csvRow([
        entry.runId,
        time(entry.startedAt),
        entry.dataset,
        entry.target,
        entry.kind,
        entry.from,
        entry.to,
        entry.toGuid,
        entry.toCreatedAt === undefined ? undefined : time(entry.toCreatedAt),
        entry.bytes,
        entry.savedBytes,
        entry.snapshots,
        Math.round(entry.elapsedMs),
        entry.result,
        entry.errorClass,
        entry.message,
      ])
    ),
  ];
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
