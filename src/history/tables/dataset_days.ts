/**
 * What happened to datasets, summed up by day. Complete days are kept as sums, so that a year is read at once; the days
 * since are summed up when they are asked for.
 *
 * @module
 */

import { all, change, type Database, first } from "../database/database.ts";
import { readMeta, writeMeta } from "./meta.ts";
import { optionalColumn, readBigInt, readNumber, readOptional, readText, type Row } from "../database/values.ts";

/** All runs of a day on one dataset, summed up. A run belongs to the day it began on. */
export interface DatasetDay {
  readonly job: string;
  readonly dataset: string;
  readonly target: string;
  /** Midnight in UTC, milliseconds since 1970. */
  readonly day: number;
  readonly runs: number;
  readonly failures: number;
  readonly bytes: bigint;
  readonly savedBytes: bigint;
  readonly snapshots: number;
  readonly elapsedMs: number;
  /** The oldest the copy became on that day, in milliseconds, as far as it is known. */
  readonly longestLagMs?: number;
}

/** Which days to read. */
export interface DayQuery {
  readonly job?: string;
  /** The name on the source. */
  readonly dataset?: string;
  /** Only days that ended after this time, milliseconds since 1970. */
  readonly since?: number;
  /** Only days that ended before this time, milliseconds since 1970; without the days that are not over it is quick. */
  readonly until?: number;
}

const dayMs = 86_400_000;
/** A day that will not come. */
const never = 1_000_000_000;
/** At most so many days are summed up at once, so that housekeeping never makes a run wait. */
const daysAtOnce = 5;

/** Sums of the days from ?1 on and before ?2, one row a pair and day. */
const sums = `
  SELECT day, pair_id, count(*) AS runs, sum(result IN ('failed', 'refused', 'skipped')) AS failures,
    sum(bytes) AS bytes, sum(saved_bytes) AS saved_bytes, sum(snapshots) AS snapshots, sum(elapsed_ms) AS elapsed_ms,
    max(ended - coalesce(before, (
      SELECT z.to_created_at FROM dataset_steps z
      WHERE z.pair_id = steps.pair_id AND z.run_id < steps.run_id AND z.to_created_at IS NOT NULL
      ORDER BY z.run_id DESC LIMIT 1), to_created_at)) AS longest_lag_ms
  FROM (
    SELECT s.*, r.started_at / ${dayMs} AS day, coalesce(r.ended_at, r.started_at) AS ended,
      max(s.to_created_at) OVER (
        PARTITION BY s.pair_id ORDER BY s.run_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM runs r CROSS JOIN dataset_steps s ON s.run_id = r.id
    WHERE r.started_at >= ?1 * ${dayMs} AND r.started_at < ?2 * ${dayMs} AND s.result <> 'vanished') steps
  GROUP BY day, pair_id`;

/** Days, the oldest first. */
export function readDatasetDays(db: Database, query: DayQuery): DatasetDay[] {
  const from = Math.max(0, Math.floor((query.since ?? 0) / dayMs));
  const open = Math.max(from, readMeta(db, "summed-day") + 1);
  const end = query.until === undefined ? never : Math.floor(query.until / dayMs);
  const sql = `SELECT d.*, p.job, p.dataset, p.target FROM (
      SELECT * FROM dataset_days WHERE day >= ?3 AND day < min(?1, ?2) UNION ALL ${sums}) d
    JOIN pairs p ON p.id = d.pair_id
    WHERE (?4 IS NULL OR p.job = ?4) AND (?5 IS NULL OR p.dataset = ?5)
    ORDER BY d.day, d.pair_id`;
  return all(db, sql, open, end, from, optionalColumn(query.job), optionalColumn(query.dataset)).map(readDay);
}

/** Sums up the complete days that are not yet, a bounded number of them; run it in a transaction. */
export function sumDays(db: Database, now: number): void {
  const today = Math.floor(now / dayMs);
  for (let count = 0; count < daysAtOnce; count += 1) {
    const after = (readMeta(db, "summed-day") + 1) * dayMs;
    const sql = "SELECT min(started_at) AS at FROM runs WHERE started_at >= ? AND started_at < ?";
    const at = first(db, sql, after, today * dayMs)?.["at"];
    if (at === null || at === undefined) return;
    const day = Math.floor(Number(at) / dayMs);
    sumDay(db, day);
    writeMeta(db, "summed-day", day);
  }
}

/** Sums a day up anew when a run that began on it is written after the day was summed up. */
export function sumLateRun(db: Database, runId: number, startedAt: number): void {
  const day = Math.floor(startedAt / dayMs);
  // Where details are gone already, the sum that was made of them stays.
  if (day <= readMeta(db, "summed-day") && runId > readMeta(db, "thinned-run")) sumDay(db, day);
}

function sumDay(db: Database, day: number): void {
  change(db, "DELETE FROM dataset_days WHERE day = ?", day);
  change(db, `INSERT INTO dataset_days ${sums}`, day, day + 1);
}

function readDay(row: Row): DatasetDay {
  return {
    job: readText(row, "job"),
    dataset: readText(row, "dataset"),
    target: readText(row, "target"),
    day: readNumber(row, "day") * dayMs,
    runs: readNumber(row, "runs"),
    failures: readNumber(row, "failures"),
    bytes: readBigInt(row, "bytes"),
    savedBytes: readBigInt(row, "saved_bytes"),
    snapshots: readNumber(row, "snapshots"),
    elapsedMs: readNumber(row, "elapsed_ms"),
    ...readOptional(row, { longestLagMs: ["longest_lag_ms", "number"] }),
  };
}
