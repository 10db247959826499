/**
 * Forgets names of snapshots and bookmarks that nothing in the record refers to any more: at ten minutes a run, a year has
 * 52,000 of them.
 *
 * @module
 */

import { change, type Database, transaction } from "./database/database.ts";
import { readMeta, writeMeta } from "./tables/meta.ts";
import { timeColumn } from "./database/values.ts";

/** It reads every detail that is kept, so it is done once a day. */
const everyMs = 86_400_000;

/** Does it, at most once a day and outside of any transaction; returns how many went. */
export function pruneVersions(db: Database, now: number): number {
  const isDue = (): boolean => Math.abs(now - readMeta(db, "pruned-versions")) >= everyMs;
  if (!isDue()) return 0;
  // For each name SQLite would look for rows that refer to it, and there is no index for that: it is looked here, once for all.
  db.exec("PRAGMA foreign_keys = OFF");
  try {
    return transaction(db, () => {
      if (!isDue()) return 0;
      writeMeta(db, "pruned-versions", timeColumn(now));
      return change(
        db,
        `DELETE FROM versions WHERE id NOT IN (
          SELECT from_id FROM dataset_steps WHERE from_id IS NOT NULL
          UNION SELECT to_id FROM dataset_steps WHERE to_id IS NOT NULL)`,
      );
    });
  } finally {
    db.exec("PRAGMA foreign_keys = ON");
  }
}
