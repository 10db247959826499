/**
 * What a source was seen to have: the proof, once it has lost a snapshot of others, that the target's was replicated and is
 * not somebody's own there. ZFS itself does not tell: a received snapshot differs in nothing from one that was made.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import type { Guid } from "../../zfs/names.ts";
import { isOfOthers, type OwnNames, type WholeSource } from "../leftovers.ts";

/** The GUIDs of snapshots of others, by the GUID of the source's dataset that had them last. */
export type Seen = ReadonlyMap<Guid, readonly Guid[]>;

/** Where it is kept, under the key of a target. */
export interface SeenStore {
  /** `undefined` where it cannot be read: then it must not be replaced. */
  seen(key: string): Seen | undefined;
  /** Replaces it. */
  noteSeen(key: string, seen: Seen): void;
}

/** All GUIDs of it. */
export function allSeen(seen: Seen | undefined): ReadonlySet<Guid> {
  return new Set([...seen?.values() ?? []].flat());
}

/**
 * What was seen by now: all that the source has, and of what it had before as much as the target still has.
 *
 * @param source Its datasets, those left out included.
 */
export function seenBy(
  before: Seen,
  source: readonly Dataset[],
  whole: WholeSource,
  target: readonly Dataset[],
  own: OwnNames,
): Seen {
  const gone = new Set<Guid>();
  for (const guids of before.values()) for (const guid of guids) if (!whole.guids.has(guid)) gone.add(guid);
  const left = new Set<Guid>();
  if (gone.size > 0) {
    for (const { snapshots } of target) for (const { guid } of snapshots) if (gone.has(guid)) left.add(guid);
  }
  const seen = new Map<Guid, Guid[]>();
  for (const { guid: dataset, snapshots } of source) {
    const guids = snapshots.filter(({ name }) => isOfOthers(name, own)).map(({ guid }) => guid);
    if (guids.length > 0) seen.set(dataset, guids);
  }
  for (const [dataset, guids] of before) {
    const kept = guids.filter((guid) => left.has(guid));
    if (kept.length > 0) seen.set(dataset, [...kept, ...seen.get(dataset) ?? []]);
  }
  return seen;
}
