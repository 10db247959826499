/**
 * What a source was seen to have: the proof, once it has lost a snapshot of others, that the target's was replicated and is
 * not somebody's own there. ZFS itself does not tell: a received snapshot differs in nothing from one that was made.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import type { Guid } from "../../zfs/names/names.ts";
import type { KnownSnapshots } from "../inspect/known_snapshots.ts";
import { isForeignSnapshot, type OwnNames, type WholeSource } from "./foreign_snapshots.ts";

/**
 * What was seen by now: all that the source has, and of what it had before as much as the target still has.
 *
 * @param source Its datasets, those left out included.
 */
export function updateKnownSnapshots(
  before: KnownSnapshots,
  source: readonly Dataset[],
  whole: WholeSource,
  target: readonly Dataset[],
  own: OwnNames,
): KnownSnapshots {
  const gone = new Set<Guid>();
  for (const guids of before.values()) for (const guid of guids) if (!whole.guids.has(guid)) gone.add(guid);
  const left = new Set<Guid>();
  if (gone.size > 0) {
    for (const { snapshots } of target) for (const { guid } of snapshots) if (gone.has(guid)) left.add(guid);
  }
  const known = new Map<Guid, Guid[]>();
  for (const { guid: dataset, snapshots } of source) {
    const guids = snapshots.filter(({ name }) => isForeignSnapshot(name, own)).map(({ guid }) => guid);
    if (guids.length > 0) known.set(dataset, guids);
  }
  for (const [dataset, guids] of before) {
    const kept = guids.filter((guid) => left.has(guid));
    if (kept.length > 0) known.set(dataset, [...kept, ...known.get(dataset) ?? []]);
  }
  return known;
}
