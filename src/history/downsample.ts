/**
 * Forgets what runs of long ago did to datasets that went well: their sums by day stay, as do the runs themselves and
 * every failure. Without this, a year of ten-minute runs on 200 datasets would be ten million rows.
 *
 * @module
 */

import { all, change, type Database } from "./database/database.ts";
import { readMeta, writeMeta } from "./tables/meta.ts";
import { readNumber, timeColumn } from "./database/values.ts";

/**
 * How long every dataset of every run is kept, in milliseconds: a report on a month reads them all. They are three quarters of a
 * large record, so each further day costs.
 */
export const detailMs: number = 31 * 86_400_000;

/** At most so many runs are thinned out at once, so that housekeeping never makes a run wait. */
const atOnce = 50;

/** Thins out; run it in a transaction, after the days were summed up. Returns how many rows went. */
export function downsample(db: Database, now: number): number {
  const summed = (readMeta(db, "summed-day") + 1) * 86_400_000;
  const before = Math.min(timeColumn(now - detailMs), summed);
  const old = all(
    db,
    "SELECT id FROM runs WHERE id > ? AND started_at < ? AND result <> 'running' ORDER BY id LIMIT ?",
    readMeta(db, "thinned-run"),
    before,
    atOnce,
  ).map((row) => readNumber(row, "id"));
  const last = old.at(-1);
  if (last === undefined) return 0;
  writeMeta(db, "thinned-run", last);
  const rows = old.map((id) =>
    change(
      db,
      // The newest success of a dataset tells its lag, however long ago it was.
      `DELETE FROM dataset_steps WHERE run_id = ? AND result IN ('ok', 'up-to-date', 'vanished') AND EXISTS (
        SELECT 1 FROM dataset_steps z WHERE z.pair_id = dataset_steps.pair_id AND z.run_id > dataset_steps.run_id
        AND (z.result IN ('ok', 'up-to-date') OR dataset_steps.result = 'vanished'))`,
      id,
    )
  );
  return rows.reduce((sum, count) => sum + count, 0);
}
