/**
 * The record's database, opened as well as it can be: whatever is wrong with it becomes a trouble to tell, never an
 * exception, since the record must not stand in the way of a replication.
 *
 * @module
 */

import { countChanges, type Database, first, openDatabase, setBusy } from "./database.ts";
import { migrate, schemaVersion, versionOf } from "./migrations.ts";
import { folderOf } from "./place.ts";
import { fileOwner } from "./record_file.ts";
import { setAside } from "./set_aside.ts";
import { mayBeOurs, sign } from "./signature.ts";
import { type HistoryTrouble, trouble, troubleKind } from "./trouble.ts";

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
  readonly #troubles = new Map<string, HistoryTrouble>();
  #db: Database | undefined;
  #impatient = false;
  #triedAt = 0;
  #closed = false;

  /** @param path The database file. */
  constructor(path: string, options: ConnectionOptions) {
    this.path = path;
    this.#options = options;
    this.#open();
  }

  /** Everything that went wrong so far, each kind once. */
  get troubles(): readonly HistoryTrouble[] {
    return [...this.#troubles.values()];
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
      if (troubleKind(error) === "damaged" && this.#mend(error)) return this.#retry(fallback, action);
      this.#note(error);
      return fallback;
    }
  }

  /** Waits for other processes the full time again, for what must not be missed. */
  bePatient(): void {
    this.#impatient = false;
    if (this.#db !== undefined) setBusy(this.#db, this.#options.busyMs);
  }

  /** Closes the database. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#shut();
  }

  #attempt<T>(db: Database, action: (db: Database) => T): T {
    const before = this.#impatient ? countChanges(db) : undefined;
    try {
      const result = action(db);
      // Reading tells nothing: it goes on while another process holds the record.
      if (before !== undefined && countChanges(db) !== before) this.bePatient();
      return result;
    } catch (error) {
      if (troubleKind(error) === "locked" && !this.#impatient) {
        // Every wait blocks the whole program, its watchdogs included: one long wait is enough.
        this.#impatient = true;
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
    return !this.#closed && !this.#troubles.has("newer") && !this.#troubles.has("foreign") &&
      this.#options.clock() - this.#triedAt >= reopenMs;
  }

  #open(): void {
    this.#triedAt = this.#options.clock();
    if (this.#isForeign()) return this.#refuse("it is not a record of bzman's; left untouched");
    try {
      this.#db = this.#options.mode === "write" ? this.#openForWriting() : this.#openForReading();
    } catch (error) {
      if (this.#options.mode === "write" && troubleKind(error) === "damaged") this.#mend(error);
      else this.#note(error);
    }
  }

  #openForWriting(): Database | undefined {
    prepareFile(this.path);
    return this.#checked(this.#openFile(false), (db) => {
      migrate(db);
      try {
        sign(db);
      } catch { /* another process holds it: the next one signs it */ }
      return true;
    });
  }

  /** Before it is opened: SQLite changes what it opens. */
  #isForeign(): boolean {
    return !this.#options.isOwnPlace && fileOwner(this.path) === "foreign";
  }

  #refuse(why: string): undefined {
    this.#troubles.set("foreign", trouble("foreign", this.path, why));
  }

  #openForReading(): Database | undefined {
    const { size } = statOf(this.path) ?? { size: 0 };
    if (size === 0) return this.#absent();
    const isReady = (db: Database): boolean => {
      const version = versionOf(db);
      if (version === schemaVersion) return true;
      if (version === 0) this.#absent();
      else this.#troubles.set("older", trouble("older", this.path, olderWhy(version)));
      return false;
    };
    try {
      return this.#checked(this.#openFile(false), isReady);
    } catch (error) {
      const kind = troubleKind(error);
      if (kind !== "read-only" && kind !== "unusable" && kind !== "failing" && kind !== "full") throw error;
      return this.#checked(this.#openFile(true), isReady);
    }
  }

  #absent(): undefined {
    this.#troubles.set("absent", trouble("absent", this.path, "nothing is recorded there yet"));
  }

  /** Makes an open database ready for use; closes it when it is not ours to touch, or `prepare` says that it cannot be used. */
  #checked(db: Database, prepare: (db: Database) => boolean): Database | undefined {
    try {
      if (!this.#options.isOwnPlace && !mayBeOurs(db)) {
        db.close();
        return this.#refuse("it is a database, but not a record of bzman's; left untouched");
      }
      const version = versionOf(db);
      if (version > schemaVersion) {
        db.close();
        const why =
          `a later bzman made it (its schema is ${version}, this bzman knows ${schemaVersion}); left untouched`;
        this.#troubles.set("newer", trouble("newer", this.path, why));
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
  #mend(cause: unknown): boolean {
    if (this.#options.mode === "read") return false;
    this.#shut();
    if (!this.#options.isOwnPlace && fileOwner(this.path) !== "signed") {
      this.#refuse(
        `it is damaged (${words(cause)}), and nothing in it says that it is a record of bzman's; left untouched`,
      );
      return false;
    }
    try {
      const aside = setAside(this.path, this.#options.clock(), () => this.#isDamaged());
      if (aside !== undefined) {
        const why = `it is damaged (${words(cause)}); set aside as ${aside}, and a new one begun`;
        this.#troubles.set("damaged", trouble("damaged", this.path, why));
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
      return troubleKind(error) === "damaged";
    }
  }

  #openFile(readOnly: boolean): Database {
    return openDatabase(this.path, { readOnly, busyMs: this.#options.busyMs });
  }

  #note(error: unknown): void {
    const kind = troubleKind(error);
    if (this.#troubles.has(kind)) return;
    const told = trouble(kind, this.path, words(error));
    const isLeft = kind === "damaged" && this.#options.mode === "read";
    this.#troubles.set(kind, isLeft ? { ...told, advice: damagedAdvice } : told);
  }

  #shut(): void {
    try {
      this.#db?.close();
    } catch { /* nothing more can be done with it */ }
    this.#db = undefined;
  }
}

/** Makes the folder and an empty file that others cannot read: messages and mails may name what is private. */
function prepareFile(path: string): void {
  const folder = folderOf(path);
  try {
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (isFile(folder)) throw new Deno.errors.NotADirectory(`${folder} is a file, not a folder`, { cause: error });
    throw error;
  }
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** @throws {Error} When something else than its absence keeps it from being looked at. */
function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
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
