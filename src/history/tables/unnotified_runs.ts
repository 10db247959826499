/**
 * Replications that were killed and that nobody was told of yet. Whoever reads the record fixes it too, but only a
 * replication knows whom to mail to.
 *
 * @module
 */

import type { RunRecord } from "../../core/record.ts";
import { all, change, type Database } from "../database/database.ts";
import { type MetaKey, writeMeta } from "./meta.ts";
import { readRun } from "./run_rows.ts";
import { readNumber } from "../database/values.ts";

/** Notes that somebody has to be told of a run. */
export function setUnnotified(db: Database, uuid: string, now: number): void {
  writeMeta(db, nameOf(uuid), now);
}

/** A replication found killed that nobody was told of yet. */
export interface UnnotifiedRun {
  /** Without its phases and datasets. */
  readonly run: RunRecord;
  /** When it was found, milliseconds since 1970. */
  readonly foundAt: number;
}

/** Those to be told, the oldest first. */
export function readUnnotified(db: Database): UnnotifiedRun[] {
  const sql = `SELECT runs.*, progress.until AS found_at FROM progress JOIN runs ON runs.uuid = substr(progress.name, 8)
    WHERE progress.name LIKE 'untold %' ORDER BY runs.id`;
  return all(db, sql).map((row) => ({ run: readRun(row), foundAt: readNumber(row, "found_at") }));
}

/** Notes that somebody was told. */
export function setNotified(db: Database, uuid: string): void {
  change(db, "DELETE FROM progress WHERE name = ?", nameOf(uuid));
}

function nameOf(uuid: string): MetaKey {
  return `untold ${uuid}`;
}
