/**
 * Opens the record.
 *
 * @module
 */

import type { OpenMode } from "./connection.ts";
import { History } from "./history.ts";

/** How to open the record. */
export interface OpenOptions {
  /** The clock, in milliseconds since 1970. */
  readonly clock: () => number;
  /** `read` makes no file and sets none aside. @default {"write"} */
  readonly mode?: OpenMode;
  /** How long another process is waited for, in milliseconds. @default {5000} */
  readonly busyMs?: number;
}

/**
 * Opens the database file, making it and its folder where needed. Never throws: what is wrong is in `troubles` of the
 * result, which then works as well as it can.
 *
 * @param path The file, as `databasePath` chose it.
 */
export function openHistory(path: string, options: OpenOptions): History {
  return new History(path, { mode: "write", busyMs: 5_000, ...options });
}

/** A `--db` that names a place which cannot be used, as opposed to trouble that will pass or mend itself. */
export function isBadPlace(history: History): boolean {
  return !history.usable && history.troubles.some(({ kind }) => kind === "unusable" || kind === "read-only");
}
