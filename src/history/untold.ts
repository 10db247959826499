/**
 * Replications that were killed and that nobody was told of yet. Whoever reads the record mends it too, but only a
 * replication knows whom to mail to.
 *
 * @module
 */

import type { RunRecord } from "../core/record.ts";
import { all, change, type Database } from "./database.ts";
import { type ProgressName, setProgress } from "./progress.ts";
import { readRun } from "./run_rows.ts";

/** Notes that somebody has to be told of a run. */
export function setUntold(db: Database, uuid: string, now: number): void {
  setProgress(db, nameOf(uuid), now);
}

/** Those to be told, the oldest first, without their phases and datasets. */
export function readUntold(db: Database): RunRecord[] {
  const sql = `SELECT runs.* FROM progress JOIN runs ON runs.uuid = substr(progress.name, 8)
    WHERE progress.name LIKE 'untold %' ORDER BY runs.id`;
  return all(db, sql).map(readRun);
}

/** Notes that somebody was told. */
export function setTold(db: Database, uuid: string): void {
  change(db, "DELETE FROM progress WHERE name = ?", nameOf(uuid));
}

function nameOf(uuid: string): ProgressName {
  return `untold ${uuid}`;
}
