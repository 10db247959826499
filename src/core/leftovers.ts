/**
 * Snapshots of others that a copy still has although its source has them no more. Pure.
 *
 * @module
 */

import type { Dataset } from "../zfs/dataset.ts";
import { isAnyOwnBookmark, snapshotTime } from "../zfs/own_names.ts";
import type { Snapshot } from "../zfs/version.ts";
import { newestCommon } from "./plan/common_version.ts";

/** Which names are bzman's own: those go by age and number, and are none of these. */
export interface OwnNames {
  readonly prefix: string;
  readonly adopt: boolean;
}

/**
 * Finds them, oldest first. They are older than the newest common version, so they came with a stream: a snapshot that
 * somebody took on the target would have kept that version from arriving. What a further copy needs as its base is none.
 */
export function leftovers(source: Dataset, target: Dataset, { prefix, adopt }: OwnNames): Snapshot[] {
  const common = newestCommon(source, target);
  if (common === undefined) return [];
  const known = new Set([
    ...source.snapshots.map(({ guid }) => guid),
    ...target.bookmarks.filter(({ name }) => isAnyOwnBookmark(name)).map(({ guid }) => guid),
  ]);
  const older = target.snapshots.slice(0, target.snapshots.indexOf(common.target));
  return older.filter(({ guid, name }) => !known.has(guid) && snapshotTime(name, prefix, adopt) === undefined);
}
