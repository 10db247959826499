/**
 * What happened to datasets, as rows of the table `dataset_steps`.
 *
 * @module
 */

import type { DatasetRecord } from "../../core/record.ts";
import { all, type Bound, change, type Database, first } from "../database/database.ts";
import {
  bytesColumn,
  optionalColumn,
  optionalTimeColumn,
  readBigInt,
  readNumber,
  readOptional,
  readText,
  type Row,
  wholeColumn,
} from "../database/values.ts";

/** What one run did to one dataset, with what it takes to place it. */
export interface DatasetEntry extends DatasetRecord {
  readonly runId: number;
  readonly job: string;
  /** When the run began, milliseconds since 1970. */
  readonly startedAt: number;
}

/** Which datasets to read. */
export interface DatasetQuery {
  readonly runId?: number;
  readonly job?: string;
  /** The name on the source. */
  readonly dataset?: string;
  /** Only runs that began at this time or later, milliseconds since 1970. */
  readonly since?: number;
  /** Only what failed, was refused or skipped. */
  readonly failed?: boolean;
  /** At most so many, the newest. */
  readonly limit?: number;
}

/** Writes the datasets of a run in place of those it had. */
export function writeDatasets(db: Database, runId: number, job: string, datasets: readonly DatasetRecord[]): void {
  change(db, "DELETE FROM dataset_steps WHERE run_id = ?", runId);
  const versionIds = new Map<string, number>();
  const versionId = (name: string | undefined): number | null => {
    if (name === undefined) return null;
    const id = versionIds.get(name) ?? nameId(db, name);
    versionIds.set(name, id);
    return id;
  };
  for (const step of datasets) {
    change(
      db,
      // A dataset that takes two steps in one run is one record; should a caller send two, the later one counts.
      "INSERT OR REPLACE INTO dataset_steps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      runId,
      pairId(db, job, step.dataset, step.target),
      step.result,
      step.kind,
      versionId(step.from),
      versionId(step.to),
      optionalColumn(step.toGuid),
      optionalTimeColumn(step.toCreatedAt),
      bytesColumn(step.bytes),
      bytesColumn(step.savedBytes),
      wholeColumn(step.snapshots),
      wholeColumn(step.elapsedMs),
      optionalColumn(step.errorClass),
      optionalColumn(step.message),
    );
  }
}

function pairId(db: Database, job: string, dataset: string, target: string): number {
  const known = first(db, "SELECT id FROM pairs WHERE job = ? AND dataset = ? AND target = ?", job, dataset, target) ??
    first(db, "INSERT INTO pairs (job, dataset, target) VALUES (?, ?, ?) RETURNING id", job, dataset, target);
  return readNumber(known ?? {}, "id");
}

function nameId(db: Database, name: string): number {
  const known = first(db, "SELECT id FROM versions WHERE name = ?", name) ??
    first(db, "INSERT INTO versions (name) VALUES (?) RETURNING id", name);
  return readNumber(known ?? {}, "id");
}

const selection = `SELECT s.*, p.job, p.dataset, p.target, f.name AS from_name, t.name AS to_name, r.started_at
  FROM pairs p
  JOIN dataset_steps s ON s.pair_id = p.id
  JOIN runs r ON r.id = s.run_id
  LEFT JOIN versions f ON f.id = s.from_id
  LEFT JOIN versions t ON t.id = s.to_id`;

/** Datasets of runs: the newest run first, by name within a run. */
export function readDatasets(db: Database, query: DatasetQuery): DatasetEntry[] {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const where = (condition: string, ...bound: (string | number)[]) => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (query.runId !== undefined) where("s.run_id = ?", query.runId);
  if (query.job !== undefined) where("p.job = ?", query.job);
  if (query.dataset !== undefined) where("p.dataset = ?", query.dataset);
  if (query.since !== undefined) where("r.started_at >= ?", Math.trunc(query.since));
  if (query.failed) where("s.result NOT IN ('ok', 'up-to-date', 'vanished')");
  const sql = `${selection}${conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : ""}
    ORDER BY s.run_id DESC, p.dataset, p.target LIMIT ?`;
  return all(db, sql, ...values, query.limit ?? -1).map(readDataset);
}

/** The datasets of runs, by name, by the run's id. `chosen` is a query of ids. */
export function readDatasetsOf(db: Database, chosen: string, bound: readonly Bound[]): Map<number, DatasetEntry[]> {
  const sql = `${selection} WHERE s.run_id IN (${chosen}) ORDER BY s.run_id, p.dataset, p.target`;
  return Map.groupBy(all(db, sql, ...bound).map(readDataset), ({ runId }) => runId);
}

/** What the last run of a job that got so far did to each dataset, by name: those it has now, and no others. */
export function readCurrent(db: Database, job: string): DatasetEntry[] {
  const last = `SELECT r.id FROM runs r WHERE r.job = ? AND EXISTS (
    SELECT 1 FROM dataset_steps z WHERE z.run_id = r.id) ORDER BY r.id DESC LIMIT 1`;
  return all(db, `${selection} WHERE s.run_id = (${last}) ORDER BY p.dataset, p.target`, job).map(readDataset);
}

/** The newest success of every dataset that a job ever had, by name. */
export function readSuccesses(db: Database, job: string): DatasetEntry[] {
  const sql = `${selection} WHERE p.job = ? AND s.run_id = (
      SELECT z.run_id FROM dataset_steps z WHERE z.pair_id = p.id AND z.result IN ('ok', 'up-to-date')
      ORDER BY z.run_id DESC LIMIT 1)
    ORDER BY p.dataset, p.target`;
  return all(db, sql, job).map(readDataset);
}

/** What went into a dataset, and how long its streams flowed; those of a package count whole for each of its members. */
export interface DatasetFlow {
  readonly bytes: bigint;
  readonly elapsedMs: number;
}

/** What went into each dataset of a job since a time, by its name on the target. */
export function readDatasetFlow(db: Database, job: string, since: number): Map<string, DatasetFlow> {
  const sql =
    `SELECT p.target, sum(s.bytes) AS bytes, sum(s.elapsed_ms) AS elapsed_ms FROM runs r CROSS JOIN dataset_steps s ON s.run_id = r.id
    JOIN pairs p ON p.id = s.pair_id WHERE r.job = ? AND r.started_at >= ? AND s.result <> 'vanished' GROUP BY p.target`;
  return new Map(
    all(db, sql, job, Math.trunc(since)).map((row) => [
      readText(row, "target"),
      { bytes: readBigInt(row, "bytes"), elapsedMs: readNumber(row, "elapsed_ms") },
    ]),
  );
}

/** How often each dataset of a job has failed one time after another, up to now, by its name on the target. */
export function readDatasetStreaks(db: Database, job: string): Map<string, number> {
  const success = `SELECT z.run_id FROM dataset_steps z WHERE z.pair_id = p.id AND z.result IN ('ok', 'up-to-date')
    ORDER BY z.run_id DESC LIMIT 1`;
  const sql = `SELECT p.target, count(*) AS streak FROM pairs p JOIN dataset_steps s ON s.pair_id = p.id
    WHERE p.job = ? AND s.run_id > coalesce((${success}), 0) AND s.result IN ('failed', 'refused', 'skipped')
    GROUP BY p.id`;
  return new Map(all(db, sql, job).map((row) => [readText(row, "target"), readNumber(row, "streak")]));
}

function readDataset(row: Row): DatasetEntry {
  return {
    runId: readNumber(row, "run_id"),
    job: readText(row, "job"),
    startedAt: readNumber(row, "started_at"),
    dataset: readText(row, "dataset"),
    target: readText(row, "target"),
    result: readText(row, "result") as DatasetRecord["result"],
    kind: readText(row, "kind"),
    bytes: readBigInt(row, "bytes"),
    savedBytes: readBigInt(row, "saved_bytes"),
    snapshots: readNumber(row, "snapshots"),
    elapsedMs: readNumber(row, "elapsed_ms"),
    ...readOptional(row, {
      from: ["from_name", "text"],
      to: ["to_name", "text"],
      toGuid: ["to_guid", "text"],
      toCreatedAt: ["to_created_at", "number"],
      errorClass: ["error_class", "text"],
      message: ["message", "text"],
    }),
  };
}
