/**
 * Points in time, or in the count of runs, up to which something in the record was done.
 *
 * @module
 */

import { change, type Database, first } from "../database/database.ts";
import { readNumber } from "../database/values.ts";

/**
 * What is kept account of: the last day that is summed up, the last run whose details are thinned out, and, in milliseconds
 * since 1970, when names of versions were last forgotten, a job was retired, or a run found killed that nobody was told of yet.
 */
export type MetaKey = "summed-day" | "thinned-run" | "pruned-versions" | `retired ${string}` | `untold ${string}`;

/** How far it is; 0 at the start. */
export function readMeta(db: Database, name: MetaKey): number {
  return readNumber(first(db, "SELECT until FROM progress WHERE name = ?", name) ?? {}, "until");
}

/** Notes how far it is. */
export function writeMeta(db: Database, name: MetaKey, until: number): void {
  change(db, "INSERT OR REPLACE INTO progress VALUES (?, ?)", name, until);
}
