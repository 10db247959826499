/**
 * The record's database, opened as well as it can be: whatever is wrong with it becomes a trouble to tell, never an
 * exception, since the record must not stand in the way of a replication.
 *
 * @module
 */

import { migrate, schemaVersion, versionOf } from "../migrations/migrate.ts";
import { countChanges, type Database, first, openDatabase, setBusy } from "./database.ts";
import { type DatabaseError, databaseError, databaseErrorKind } from "./database_errors.ts";
import { prepareFile, statOf } from "./database_file.ts";
import { quarantine } from "./quarantine.ts";
import { fileOwner } from "./record_file.ts";
import { mayBeRecord, writeSignature } from "./signature.ts";

/** How the record is opened: `write` makes what is missing, `read` makes no file, migrates none and sets none aside. */
export type OpenMode = "write" | "read";

/** How the record is opened, and how long it is waited for. */
export interface ConnectionOptions {
  readonly mode: OpenMode;
  /** The clock, in milliseconds since 1970. */
  readonly clock: () => number;
  /** How long another process is waited for, in milliseconds. */
  readonly busyMs: number;
  /**
   * Whether the file has the name and place that bzman itself gives its record: only there is a file taken for a damaged record
   * that does not say so itself.
   */
  readonly isOwnPlace: boolean;
}

/** The wait once another process has held the record for the full time, in milliseconds. */
const busyAgainMs = 250;
/** A record that could not be opened is tried again, when it is needed, after this many milliseconds. */
const reopenMs = 30_000;

/** What becomes of a damaged record that was only to be read. */
const damagedAdvice =
  "nothing to do; the next run that writes, such as bzman replicate, sets it aside and begins a new one";

/** Holds the database open and runs actions on it. */
export class Connection {
  readonly path: string;
  readonly #options: ConnectionOptions;
  readonly #errors = new Map<string, DatabaseError>();
  #db: Database | undefined;
  #waitsBriefly = false;
  #triedAt = 0;
  #closed = false;

  /** @param path The database file. */
  constructor(path: string, options: ConnectionOptions) {
    this.path = path;
    this.#options = options;
    this.#open();
  }

  /** Everything that went wrong so far, each kind once. */
  get errors(): readonly DatabaseError[] {
    return [...this.#errors.values()];
  }

  /** Whether there is an open database. */
  get isOpen(): boolean {
    return this.#db !== undefined;
  }

  /** Runs an action; when the record does not allow it, notes why and returns the fallback. */
  use<T>(fallback: T, action: (db: Database) => T): T {
    if (this.#db === undefined && this.#mayReopen()) this.#open();
    if (this.#db === undefined) return fallback;
    try {
      return this.#attempt(this.#db, action);
    } catch (error) {
      if (databaseErrorKind(error) === "damaged" && this.#replaceDamaged(error)) return this.#retry(fallback, action);
      this.#note(error);
      return fallback;
    }
  }

  /** Waits for other processes the full time again, for what must not be missed. */
  waitFully(): void {
    this.#waitsBriefly = false;
    if (this.#db !== undefined) setBusy(this.#db, this.#options.busyMs);
  }

  /** Closes the database. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#shut();
  }

  #attempt<T>(db: Database, action: (db: Database) => T): T {
    const before = this.#waitsBriefly ? countChanges(db) : undefined;
    try {
      const result = action(db);
      // Reading tells nothing: it goes on while another process holds the record.
      if (before !== undefined && countChanges(db) !== before) this.waitFully();
      return result;
    } catch (error) {
      if (databaseErrorKind(error) === "locked" && !this.#waitsBriefly) {
        // Every wait blocks the whole program, its watchdogs included: one long wait is enough.
        this.#waitsBriefly = true;
        setBusy(db, busyAgainMs);
      }
      throw error;
    }
  }

  #retry<T>(fallback: T, action: (db: Database) => T): T {
    if (this.#db === undefined) return fallback;
    try {
      return action(this.#db);
    } catch (error) {
      this.#note(error);
      return fallback;
    }
  }

  #mayReopen(): boolean {
    return !this.#closed && !this.#errors.has("newer") && !this.#errors.has("foreign") &&
      this.#options.clock() - this.#triedAt >= reopenMs;
  }

  #open(): void {
    this.#triedAt = this.#options.clock();
    if (this.#isForeign()) return this.#refuse("it is not a record of bzman's; left untouched");
    try {
      this.#db = this.#options.mode === "write" ? this.#openForWriting() : this.#openForReading();
    } catch (error) {
      if (this.#options.mode === "write" && databaseErrorKind(error) === "damaged") this.#replaceDamaged(error);
      else this.#note(error);
    }
  }

  #openForWriting(): Database | undefined {
    prepareFile(this.path);
    return this.#checked(this.#openFile(false), (db) => {
      migrate(db);
      try {
        writeSignature(db);
      } catch { /* another process holds it: the next one signs it */ }
      return true;
    });
  }

  /** Before it is opened: SQLite changes what it opens. */
  #isForeign(): boolean {
    return !this.#options.isOwnPlace && fileOwner(this.path) === "foreign";
  }

  #refuse(why: string): undefined {
    this.#errors.set("foreign", databaseError("foreign", this.path, why));
  }

  #openForReading(): Database | undefined {
    const { size } = statOf(this.path) ?? { size: 0 };
    if (size === 0) return this.#absent();
    const isReady = (db: Database): boolean => {
      const version = versionOf(db);
      if (version === schemaVersion) return true;
      if (version === 0) this.#absent();
      else this.#errors.set("older", databaseError("older", this.path, olderWhy(version)));
      return false;
    };
    try {
      return this.#checked(this.#openFile(false), isReady);
    } catch (error) {
      const kind = databaseErrorKind(error);
      if (kind !== "read-only" && kind !== "unusable" && kind !== "failing" && kind !== "full") throw error;
      return this.#checked(this.#openFile(true), isReady);
    }
  }

  #absent(): undefined {
    this.#errors.set("absent", databaseError("absent", this.path, "nothing is recorded there yet"));
  }

  /** Makes an open database ready for use; closes it when it is not ours to touch, or `prepare` says that it cannot be used. */
  #checked(db: Database, prepare: (db: Database) => boolean): Database | undefined {
    try {
      if (!this.#options.isOwnPlace && !mayBeRecord(db)) {
        db.close();
        return this.#refuse("it is a database, but not a record of bzman's; left untouched");
      }
      const version = versionOf(db);
      if (version > schemaVersion) {
        db.close();
        const why =
          `a later bzman made it (its schema is ${version}, this bzman knows ${schemaVersion}); left unchanged`;
        this.#errors.set("newer", databaseError("newer", this.path, why));
        return undefined;
      }
      if (!prepare(db)) {
        db.close();
        return undefined;
      }
      first(db, "SELECT * FROM runs ORDER BY id DESC LIMIT 1");
      return db;
    } catch (error) {
      if (db.isOpen) db.close();
      throw error;
    }
  }

  /** Sets a damaged file aside and begins a new one. False when that is impossible too. */
  #replaceDamaged(cause: unknown): boolean {
    if (this.#options.mode === "read") return false;
    this.#shut();
    if (!this.#options.isOwnPlace && fileOwner(this.path) !== "signed") {
      this.#refuse(
        `it is damaged (${words(cause)}), and nothing in it says that it is a record of bzman's; left unchanged`,
      );
      return false;
    }
    try {
      const aside = quarantine(this.path, this.#options.clock(), () => this.#isDamaged());
      if (aside !== undefined) {
        const why = `it is damaged (${words(cause)}); set aside as ${aside}, and a new one begun`;
        this.#errors.set("damaged", databaseError("damaged", this.path, why));
      }
      this.#db = this.#openForWriting();
      return this.#db !== undefined;
    } catch (error) {
      this.#note(error);
      return false;
    }
  }

  #isDamaged(): boolean {
    try {
      const db = this.#openFile(false);
      try {
        return first(db, "PRAGMA quick_check(1)")?.["quick_check"] !== "ok";
      } finally {
        db.close();
      }
    } catch (error) {
      return databaseErrorKind(error) === "damaged";
    }
  }

  #openFile(readOnly: boolean): Database {
    return openDatabase(this.path, { readOnly, busyMs: this.#options.busyMs });
  }

  #note(error: unknown): void {
    const kind = databaseErrorKind(error);
    if (this.#errors.has(kind)) return;
    const told = databaseError(kind, this.path, words(error));
    const isLeft = kind === "damaged" && this.#options.mode === "read";
    this.#errors.set(kind, isLeft ? { ...told, advice: damagedAdvice } : told);
  }

  #shut(): void {
    try {
      this.#db?.close();
    } catch { /* nothing more can be done with it */ }
    this.#db = undefined;
  }
}

function olderWhy(version: number): string {
  return `an earlier bzman made it (its schema is ${version}, this bzman's is ${schemaVersion})`;
}

function words(error: unknown): string {
  // Deno's own advice, another of its flags, helps nobody here: some folders, /proc among them, take no files of bzman's.
  if (error instanceof Deno.errors.NotCapable) return "files cannot be kept there";
  return error instanceof Error ? error.message : String(error);
}
