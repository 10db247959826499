/**
 * The longest silence of each target's streams, as rows of the table `silences`.
 *
 * @module
 */

import type { Silence } from "../core/engine/silence.ts";
import { change, type Database, first } from "./database.ts";
import { readNumber, time, whole } from "./values.ts";

/** What is known under a key. */
export function readSilence(db: Database, key: string): Silence | undefined {
  const row = first(db, "SELECT * FROM silences WHERE target_key = ?", key);
  if (row === undefined) return undefined;
  return {
    silentMs: readNumber(row, "silent_ms"),
    proven: readNumber(row, "proven") === 1,
    seenAt: readNumber(row, "seen_at"),
  };
}

/** Replaces what is known under a key. */
export function writeSilence(db: Database, key: string, silence: Silence | undefined): void {
  if (silence === undefined) change(db, "DELETE FROM silences WHERE target_key = ?", key);
  else {
    const { silentMs, proven, seenAt } = silence;
    const sql = "INSERT OR REPLACE INTO silences VALUES (?, ?, ?, ?)";
    change(db, sql, key, whole(silentMs), proven ? 1 : 0, time(seenAt));
  }
}
