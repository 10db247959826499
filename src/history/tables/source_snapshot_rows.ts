/**
 * Which snapshots of others the sources of targets were seen to have, as rows of the table `seen_snapshots`.
 *
 * @module
 */

import type { KnownSnapshots } from "../../core/inspect/known_snapshots.ts";
import { type Guid, parseGuid } from "../../zfs/names/names.ts";
import { all, change, type Database } from "../database/database.ts";
import { readNumber, readText, timeColumn } from "../database/values.ts";

/** A row that says the same is written again only after so long, in milliseconds: its time tells that it is of use. */
const refreshMs = 86_400_000;

/** What was seen under a key; rows that cannot be read are left out. */
export function readKnownSnapshots(db: Database, key: string): Map<Guid, Guid[]> {
  const known = new Map<Guid, Guid[]>();
  for (const row of all(db, "SELECT * FROM seen_snapshots WHERE target_key = ?", key)) {
    try {
      known.set(parseGuid(readText(row, "dataset_guid")), readText(row, "guids").split("\n").map(parseGuid));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return known;
}

/**
 * Replaces what was seen under a key; only what differs is written.
 *
 * @param now Milliseconds since 1970.
 */
export function writeKnownSnapshots(db: Database, key: string, known: KnownSnapshots, now: number): void {
  const kept = new Map<string, string>();
  for (const row of all(db, "SELECT * FROM seen_snapshots WHERE target_key = ?", key)) {
    const isFresh = Math.abs(now - readNumber(row, "seen_at")) < refreshMs;
    kept.set(readText(row, "dataset_guid"), isFresh ? readText(row, "guids") : "");
  }
  const guidsNow = new Set<string>(known.keys());
  for (const guid of kept.keys()) {
    if (!guidsNow.has(guid)) {
      change(db, "DELETE FROM seen_snapshots WHERE target_key = ? AND dataset_guid = ?", key, guid);
    }
  }
  for (const [guid, list] of known) {
    const guids = list.join("\n");
    if (kept.get(guid) === guids) continue;
    change(db, "INSERT OR REPLACE INTO seen_snapshots VALUES (?, ?, ?, ?)", key, guid, timeColumn(now), guids);
  }
}
