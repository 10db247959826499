/**
 * Snapshots of others that a copy still has although its source has them no more, and which of them may go. Pure.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import type { Guid } from "../../zfs/names/names.ts";
import { isAnyBzmanBookmark, snapshotTime } from "../../zfs/names/bzman_names.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import { newestCommon } from "../inspect/common_version.ts";

/** Which names are bzman's own: those go by age and number, and are none of these. */
export interface OwnNames {
  readonly prefix: string;
  readonly adopt: boolean;
}

/** A source as a whole, what is left out included: a promotion moves snapshots from one dataset to another. */
export interface WholeSource {
  /** The names of its datasets. */
  readonly names: ReadonlySet<string>;
  /** The GUIDs of all its versions. */
  readonly guids: ReadonlySet<Guid>;
}

/** The whole of all these datasets. */
export function wholeSource(datasets: readonly Dataset[]): WholeSource {
  const guids = new Set<Guid>();
  for (const { snapshots, bookmarks } of datasets) {
    for (const { guid } of snapshots) guids.add(guid);
    for (const { guid } of bookmarks) guids.add(guid);
  }
  return { names: new Set(datasets.map(({ name }) => name)), guids };
}

/**
 * Finds them, oldest first: those older than the newest common version. What a further copy needs as its base is none, nor
 * is what the source has in another dataset, or as a bookmark.
 */
export function orphanedForeignSnapshots(
  source: Dataset,
  target: Dataset,
  whole: WholeSource,
  own: OwnNames,
): Snapshot[] {
  const common = newestCommon(source, target);
  if (common === undefined) return [];
  const needed = new Set(target.bookmarks.filter(({ name }) => isAnyBzmanBookmark(name)).map(({ guid }) => guid));
  const older = target.snapshots.slice(0, target.snapshots.indexOf(common.target));
  return older.filter(({ guid, name }) => !whole.guids.has(guid) && !needed.has(guid) && isForeignSnapshot(name, own));
}

/** Whether a snapshot is none of bzman's, by its name. */
export function isForeignSnapshot(name: string, { prefix, adopt }: OwnNames): boolean {
  return snapshotTime(name, prefix, adopt) === undefined;
}

/**
 * Those that are proven to have been replicated, and to be gone. That they are older than the newest common version proves
 * nothing: one that somebody took on the target does not hinder the receiving of what follows, as long as nothing changed.
 *
 * @param known The GUIDs of what the source was ever seen to have.
 */
export function provenDeleted(
  left: readonly Snapshot[],
  source: Dataset,
  whole: WholeSource,
  known: ReadonlySet<Guid>,
): Snapshot[] {
  // A promoted clone outside of what is replicated may have them by now.
  const origin = source.origin?.split("@", 1)[0];
  if (origin !== undefined && !whole.names.has(origin)) return [];
  return left.filter(({ guid }) => known.has(guid));
}
