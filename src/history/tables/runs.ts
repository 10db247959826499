/**
 * Writing and reading the runs of the record.
 *
 * @module
 */

import type { RunRecord } from "../../core/record.ts";
import { all, change, type Database, first, transaction } from "../database/database.ts";
import { sumLateRun } from "./dataset_days.ts";
import { readDatasetsOf, writeDatasets } from "./dataset_rows.ts";
import { readMeta } from "./meta.ts";
import { readPhases, readRun, writeRun } from "./run_rows.ts";
import { readNumber, readText, timeColumn } from "../database/values.ts";

/** Which runs to read. */
export interface RunQuery {
  /** Only those that began at this time or later, milliseconds since 1970. */
  readonly since?: number;
  /** At most so many, the newest. */
  readonly limit?: number;
  /** Only those that ended badly: partial, failed, refused, interrupted, killed. */
  readonly failed?: boolean;
  readonly job?: string;
  readonly command?: RunRecord["command"];
  /** With the datasets of each run. @default {false} */
  readonly datasets?: boolean;
}

/** A job that the record knows. */
export interface KnownJob {
  readonly job: string;
  /** `host:dataset` of its latest run. */
  readonly source: string;
  readonly target: string;
  /** When its latest run began, milliseconds since 1970. */
  readonly lastRunAt: number;
}

/** Writes a run and, when it has ended, its datasets; returns its id. */
export function saveRun(db: Database, run: RunRecord, now: number, marked: boolean): number {
  return transaction(db, () => {
    const id = writeRun(db, run, now, marked);
    // A job that was retired while the clock was ahead counts again, too, as soon as it runs.
    if (run.result === "running" && run.command === "replicate") {
      change(db, "DELETE FROM progress WHERE name = ? AND until > ?", `retired ${run.job}`, timeColumn(now));
    }
    writeDatasets(db, id, run.job, run.datasets);
    sumLateRun(db, id, run.startedAt);
    return id;
  });
}

/** Adds a run that found the lock taken to the record of its predecessor that met the same holder, or writes it. */
export function saveLocked(db: Database, run: RunRecord, now: number): number {
  return transaction(db, () => {
    const sql =
      "SELECT id, result, lock_holder, message FROM runs WHERE job = ? AND command = ? AND result <> 'running' ORDER BY id DESC LIMIT 1";
    const last = first(db, sql, run.job, run.command);
    const same = last !== undefined && readText(last, "result") === "locked" &&
      (run.lockHolder === undefined
        ? readText(last, "message") === (run.message ?? "")
        : readText(last, "lock_holder") === run.lockHolder);
    if (!same) return writeRun(db, run, now, false);
    // Its own beginning goes, else it would look like a run that was killed.
    change(db, "DELETE FROM runs WHERE uuid = ? AND result = 'running'", run.uuid);
    const id = readNumber(last, "id");
    const endedAt = timeColumn(run.endedAt ?? now);
    change(
      db,
      "UPDATE runs SET count = count + ?, ended_at = ?, seen_at = ? WHERE id = ?",
      run.count,
      endedAt,
      timeColumn(now),
      id,
    );
    return id;
  });
}

/** Runs, what began last first. */
export function readRuns(db: Database, query: RunQuery): RunRecord[] {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  if (query.since !== undefined) {
    conditions.push("started_at >= ?");
    values.push(timeColumn(query.since));
  }
  if (query.failed) conditions.push("result IN ('partial', 'failed', 'refused', 'interrupted', 'killed')");
  if (query.job !== undefined) {
    conditions.push("job = ?");
    values.push(query.job);
  }
  if (query.command !== undefined) {
    conditions.push("command = ?");
    values.push(query.command);
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
  // Not by time: what was recorded while the clock was ahead would stay the newest until that time has come.
  const order = "ORDER BY id DESC";
  const chosen = `SELECT id FROM runs ${where} ${order} LIMIT ?`;
  const bound = [...values, query.limit ?? -1];
  // One query for all of a kind: a year has fifty thousand runs.
  const phases = readPhases(db, chosen, bound);
  const datasets = query.datasets ? readDatasetsOf(db, chosen, bound) : undefined;
  return all(db, `SELECT * FROM runs WHERE id IN (${chosen}) ${order}`, ...bound).map(readRun).map((run) => ({
    ...run,
    phases: phases.get(run.id) ?? [],
    datasets: datasets?.get(run.id) ?? [],
  }));
}

/** The latest run of a job that fully succeeded, without its phases and datasets. */
export function readLastSuccess(db: Database, job: string, command: RunRecord["command"]): RunRecord | undefined {
  const sql = "SELECT * FROM runs WHERE job = ? AND command = ? AND result = 'ok' ORDER BY id DESC LIMIT 1";
  const row = first(db, sql, job, command);
  return row === undefined ? undefined : readRun(row);
}

/** How many replications of a job have failed one after another, up to now. Locked ones do not count. */
export function readFailureStreak(db: Database, job: string): number {
  const success = `SELECT id FROM runs WHERE job = ?1 AND command = 'replicate' AND result = 'ok'
    ORDER BY id DESC LIMIT 1`;
  // The plus keeps SQLite from reading every run of the job where the last few by number are enough.
  const sql = `SELECT coalesce(sum(count), 0) AS streak FROM runs
    WHERE id > coalesce((${success}), 0) AND +job = ?1 AND command = 'replicate'
    AND result NOT IN ('running', 'locked', 'ok', 'interrupted')`;
  return readNumber(first(db, sql, job) ?? {}, "streak");
}

/** Every job that ever replicated, by name. */
export function readJobs(db: Database): KnownJob[] {
  const jobs: KnownJob[] = [];
  // From name to name through the index, instead of through every run of a year.
  const next = () => first(db, "SELECT min(job) AS job FROM runs WHERE job > ?", jobName)?.["job"];
  let jobName = "";
  for (let job = next(); job !== null && job !== undefined; job = next()) {
    jobName = String(job);
    const sql = `SELECT job, source, target, started_at FROM runs WHERE job = ? AND command = 'replicate'
      ORDER BY id DESC LIMIT 1`;
    const row = first(db, sql, jobName);
    if (row === undefined || readNumber(row, "started_at") < readMeta(db, `retired ${jobName}`)) continue;
    jobs.push({
      job: readText(row, "job"),
      source: readText(row, "source"),
      target: readText(row, "target"),
      lastRunAt: readNumber(row, "started_at"),
    });
  }
  return jobs;
}
