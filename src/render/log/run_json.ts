/**
 * A run as JSON: byte counts as numbers where they are safe, times as ISO 8601 in UTC.
 *
 * @module
 */

import type { DatasetRecord, RunRecord } from "../../core/record.ts";
import { bytesJson, type Json } from "../text/json.ts";

export function runJson(run: RunRecord): Json {
  return {
    id: run.id,
    uuid: run.uuid,
    job: run.job,
    command: run.command,
    source: run.source,
    target: run.target,
    startedAt: new Date(run.startedAt).toISOString(),
    endedAt: run.endedAt === undefined ? null : new Date(run.endedAt).toISOString(),
    result: run.result,
    exitStatus: run.exitStatus ?? null,
    bytes: bytesJson(run.bytes),
    savedBytes: bytesJson(run.savedBytes),
    snapshots: run.snapshots,
    from: run.from ?? null,
    to: run.to ?? null,
    foreignSnapshots: run.foreignSnapshots ?? null,
    count: run.count,
    errorClass: run.errorClass ?? null,
    message: run.message ?? null,
    advice: run.advice ?? null,
    stderrTail: run.stderrTail ?? null,
    phases: run.phases.map(({ phase, elapsedMs }) => ({ phase, elapsedMs: Math.round(elapsedMs) })),
    datasets: run.datasets.map(datasetJson),
  };
}

/** What happened to a dataset, as JSON. */
export function datasetJson(entry: DatasetRecord): Json {
  return {
    dataset: entry.dataset,
    target: entry.target,
    result: entry.result,
    kind: entry.kind,
    from: entry.from ?? null,
    to: entry.to ?? null,
    toGuid: entry.toGuid ?? null,
    bytes: bytesJson(entry.bytes),
    savedBytes: bytesJson(entry.savedBytes),
    snapshots: entry.snapshots,
    elapsedMs: Math.round(entry.elapsedMs),
    errorClass: entry.errorClass ?? null,
    message: entry.message ?? null,
  };
}
