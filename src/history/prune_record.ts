/**
 * The housekeeping of the record: sums up days, thins out details, and forgets what is older than the record is kept.
 *
 * @module
 */

import { change, type Database, transaction } from "./database/database.ts";
import { sumDays } from "./tables/dataset_days.ts";
import { pruneVersions } from "./prune_versions.ts";
import { downsample } from "./downsample.ts";
import { timeColumn } from "./database/values.ts";

/** How long the record is kept, in milliseconds. */
export const keepMs: number = 400 * 86_400_000;

/** At most so many runs are forgotten at once, so that pruning never makes a run wait. */
const atOnce = 200;

/** Does it, a bounded part at a time; returns how many runs were forgotten. */
export function pruneRecord(db: Database, now: number, keep: number = keepMs): number {
  const before = timeColumn(now - keep);
  const forgotten = transaction(db, () => {
    sumDays(db, now);
    downsample(db, now);
    const old = "SELECT id FROM runs WHERE started_at < ? AND result <> 'running' ORDER BY started_at LIMIT ?";
    change(db, "DELETE FROM dataset_days WHERE day < ?", Math.floor(before / 86_400_000));
    const runs = change(db, `DELETE FROM runs WHERE id IN (${old})`, before, atOnce);
    change(db, "DELETE FROM pool_samples WHERE at < ?", before);
    change(db, "DELETE FROM outbox WHERE kept_at < ?", before);
    change(db, "DELETE FROM alerts WHERE open = 0 AND last_seen_at < ?", before);
    // Of no use after a day; what is left is of targets that are gone.
    change(db, "DELETE FROM remembered WHERE listed_at < ?", timeColumn(now - 7 * 86_400_000));
    change(db, "DELETE FROM seen_snapshots WHERE seen_at < ?", before);
    change(db, "DELETE FROM silences WHERE seen_at < ?", before);
    if (runs > 0) {
      const unused = (table: string) => `NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.pair_id = pairs.id)`;
      change(db, `DELETE FROM pairs WHERE ${unused("dataset_steps")} AND ${unused("dataset_days")}`);
    }
    return runs;
  });
  pruneVersions(db, now);
  return forgotten;
}
