/**
 * The newest version that both sides have: by GUID, never by name.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import type { Snapshot, Version } from "../../zfs/names/version.ts";

/** A version that both sides have. */
export interface Common {
  /** On the source: the snapshot, or where that is gone a bookmark of it. */
  readonly source: Version;
  readonly target: Snapshot;
  /** Snapshots that the target has beyond it, oldest first. */
  readonly targetNewer: readonly Snapshot[];
}

/**
 * Finds it.
 *
 * @returns `undefined` when nothing is shared.
 */
export function newestCommon(source: Dataset, target: Dataset): Common | undefined {
  // As it mostly is, and then cheap: the newest there is one of the last here.
  const newest = target.snapshots.at(-1);
  const near = newest && source.snapshots.findLast(({ guid }) => guid === newest.guid);
  if (newest && near) return { source: near, target: newest, targetNewer: [] };
  const known = new Map<string, Version>();
  for (const bookmark of source.bookmarks) known.set(bookmark.guid, bookmark);
  // A snapshot can send what lies between, a bookmark cannot: it wins.
  for (const snapshot of source.snapshots) known.set(snapshot.guid, snapshot);
  for (let i = target.snapshots.length - 1; i >= 0; i--) {
    const snapshot = target.snapshots[i];
    const match = snapshot && known.get(snapshot.guid);
    if (match) return { source: match, target: snapshot, targetNewer: target.snapshots.slice(i + 1) };
  }
  return undefined;
}
