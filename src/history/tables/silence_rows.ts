/**
 * The longest silence of each target's streams, as rows of the table `silences`.
 *
 * @module
 */

import type { ObservedSilence } from "../../core/run/observed_silence.ts";
import { change, type Database, first } from "../database/database.ts";
import { readNumber, timeColumn, wholeColumn } from "../database/values.ts";

/** What is known under a key. */
export function readSilence(db: Database, key: string): ObservedSilence | undefined {
  const row = first(db, "SELECT * FROM silences WHERE target_key = ?", key);
  if (row === undefined) return undefined;
  return {
    silentMs: readNumber(row, "silent_ms"),
    proven: readNumber(row, "proven") === 1,
    seenAt: readNumber(row, "seen_at"),
  };
}

/** Replaces what is known under a key. */
export function writeSilence(db: Database, key: string, silence: ObservedSilence | undefined): void {
  if (silence === undefined) change(db, "DELETE FROM silences WHERE target_key = ?", key);
  else {
    const { silentMs, proven, seenAt } = silence;
    const sql = "INSERT OR REPLACE INTO silences VALUES (?, ?, ?, ?)";
    change(db, sql, key, wholeColumn(silentMs), proven ? 1 : 0, timeColumn(seenAt));
  }
}
