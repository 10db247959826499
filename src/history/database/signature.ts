/**
 * The signature of a record inside its database: the `application_id` (<https://www.sqlite.org/pragma.html>).
 *
 * @module
 */

import { type Database, first } from "./database.ts";
import { applicationId } from "./record_file.ts";
import { readNumber } from "./values.ts";

/** Signs a database as bzman's, unless it is. */
export function writeSignature(db: Database): void {
  if (idOf(db) !== applicationId) db.exec(`PRAGMA application_id = ${applicationId}`);
}

/** Whether an open database is bzman's, or holds nothing at all. */
export function mayBeRecord(db: Database): boolean {
  const id = idOf(db);
  if (id !== 0) return id === applicationId;
  const sql =
    "SELECT count(*) AS tables, coalesce(sum(name IN ('pairs', 'dataset_steps')), 0) AS ours FROM sqlite_schema";
  const row = first(db, sql) ?? {};
  return readNumber(row, "tables") === 0 || readNumber(row, "ours") === 2;
}

function idOf(db: Database): number {
  return readNumber(first(db, "PRAGMA application_id") ?? {}, "application_id");
}
