/**
 * Which foreign snapshots a source is known to have had, and where that is kept.
 *
 * @module
 */

import type { Guid } from "../../zfs/names/names.ts";

/** The GUIDs of snapshots of others, by the GUID of the source's dataset that had them last. */
export type KnownSnapshots = ReadonlyMap<Guid, readonly Guid[]>;

/** Where it is kept, under the key of a target. */
export interface KnownSnapshotsStore {
  /** `undefined` where it cannot be read: then it must not be replaced. */
  knownSnapshots(key: string): KnownSnapshots | undefined;
  /** Replaces it. */
  storeKnownSnapshots(key: string, known: KnownSnapshots): void;
}

/** All GUIDs of it. */
export function allSeen(known: KnownSnapshots | undefined): ReadonlySet<Guid> {
  return new Set([...known?.values() ?? []].flat());
}
