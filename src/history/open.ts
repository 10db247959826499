/**
 * Opens the record.
 *
 * @module
 */

import type { OpenMode } from "./database/connection.ts";
import { History } from "./history.ts";

/** How to open the record. */
export interface OpenOptions {
  /** The clock, in milliseconds since 1970. */
  readonly clock: () => number;
  /** `read` makes no file and sets none aside. @default {"write"} */
  readonly mode?: OpenMode;
  /** How long another process is waited for, in milliseconds. @default {5000} */
  readonly busyMs?: number;
  /** Whether the path is the one of `databasePath` when nothing was given. @default {false} */
  readonly isOwnPlace?: boolean;
}

/**
 * Opens the database file, making it and its folder where needed. Never throws: what is wrong is in `troubles` of the
 * result, which then works as well as it can.
 *
 * @param path The file, as `databasePath` chose it.
 */
export function openHistory(path: string, options: OpenOptions): History {
  return new History(path, { mode: "write", busyMs: 5_000, isOwnPlace: false, ...options });
}

/**
 * Whether `--db` named a place where no record can ever be, as opposed to trouble that will pass: a disk that is full,
 * read-only or failing, a record that was there before. For such trouble no replication is given up.
 */
export function isBadPath(history: History): boolean {
  if (isForeign(history)) return true;
  if (history.usable || !history.errors.some(({ kind }) => kind === "unusable")) return false;
  try {
    return Deno.statSync(history.path).isDirectory;
  } catch {
    return true;
  }
}

/** Whether what lies at the place that `--db` named cannot be read: then there is nothing to read out of it. */
export function isUnreadable(history: History): boolean {
  return !history.usable &&
    history.errors.some(({ kind }) =>
      kind === "foreign" || kind === "unusable" || kind === "failing" || kind === "read-only"
    );
}

/** Whether what lies at the place is not bzman's: nothing is done with it, whatever the command. */
export function isForeign(history: History): boolean {
  return !history.usable && history.errors.some(({ kind }) => kind === "foreign");
}
