/**
 * A SQLite connection with the settings that every use of the record shares.
 *
 * @module
 */

import { DatabaseSync, type StatementSync } from "node:sqlite";
import { databaseErrorKind } from "./database_errors.ts";
import { type Column, readBigInt, type Row } from "./values.ts";

/** How to open a database file. */
export interface DatabaseOptions {
  readonly readOnly: boolean;
  /** How long a statement waits for another process, in milliseconds. SQLite blocks the whole program meanwhile. */
  readonly busyMs: number;
}

/** An open database. */
export type Database = DatabaseSync;

/** What can be bound to a `?`. */
export type Bound = Column;

/**
 * Opens a database file.
 *
 * @throws {Error} An error of SQLite's; `databaseErrorKind` judges it.
 */
export function openDatabase(path: string, { readOnly, busyMs }: DatabaseOptions): Database {
  const db = new DatabaseSync(path, { readOnly, timeout: busyMs, enableForeignKeyConstraints: true });
  try {
    // The first statement that reads the file: a file that is no database fails here.
    db.exec("PRAGMA schema_version");
    if (!readOnly) {
      beginLog(db, busyMs);
      // NORMAL is enough with WAL: a power cut may lose the last record, never the file.
      db.exec("PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864");
    }
    db.exec("PRAGMA temp_store = MEMORY");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Turns the write-ahead log on. SQLite waits for nobody here: of several processes that open a new file at the same
 * moment all but one are told at once that it is locked, so the wait is ours.
 */
function beginLog(db: Database, busyMs: number): void {
  const pauseMs = 20;
  for (let waited = 0;; waited += pauseMs) {
    try {
      db.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (waited >= busyMs || databaseErrorKind(error) !== "locked") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}

/** How long later statements wait for another process, in milliseconds. */
export function setBusy(db: Database, ms: number): void {
  db.exec(`PRAGMA busy_timeout = ${Math.trunc(ms)}`);
}

/** Statements by their text: preparing one costs more than running it for one of hundreds of rows. */
const statements = new WeakMap<Database, Map<string, StatementSync>>();

function prepare(db: Database, sql: string): StatementSync {
  const known = statements.get(db) ?? new Map<string, StatementSync>();
  statements.set(db, known);
  const statement = known.get(sql) ?? db.prepare(sql);
  if (!known.has(sql)) {
    statement.setReadBigInts(true);
    known.set(sql, statement);
  }
  return statement;
}

/** All rows of a query, integers as bigint. */
export function all(db: Database, sql: string, ...values: Bound[]): Row[] {
  return prepare(db, sql).all(...values) as Row[];
}

/** The first row of a query. */
export function first(db: Database, sql: string, ...values: Bound[]): Row | undefined {
  return prepare(db, sql).get(...values) as Row | undefined;
}

/** Runs a statement that changes rows; returns how many. */
export function change(db: Database, sql: string, ...values: Bound[]): number {
  return Number(prepare(db, sql).run(...values).changes);
}

/** How many rows this connection has changed since it was opened. */
export function countChanges(db: Database): bigint {
  return readBigInt(first(db, "SELECT total_changes() AS changes") ?? {}, "changes");
}

/**
 * Runs an action in one transaction that takes the write lock at its start, so that it cannot fail half-way for want
 * of it.
 */
export function transaction<T>(db: Database, action: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = action();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite has already rolled back after some errors (a full disk), and then says so by failing.
    try {
      db.exec("ROLLBACK");
    } catch { /* nothing was open */ }
    throw error;
  }
}
