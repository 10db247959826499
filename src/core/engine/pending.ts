/**
 * The snapshot to come: a placeholder in the plan, until the real one is there.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import type { Guid } from "../../zfs/names.ts";
import type { Snapshot, Version } from "../../zfs/version.ts";

/** No snapshot of ZFS has this GUID. */
const pendingGuid = "0" as Guid;
const afterAll = (1n << 64n) - 1n;

/** A dataset as it will be after the snapshot. */
export function withPending(dataset: Dataset, name: string): Dataset {
  const pending: Snapshot = { kind: "snapshot", dataset: dataset.name, name, guid: pendingGuid, createtxg: afterAll };
  return { ...dataset, snapshots: [...dataset.snapshots, pending] };
}

/** True for the placeholder. */
export function isPending(version: Version): boolean {
  return version.guid === pendingGuid;
}

/** A dataset with the real snapshot, where it was made. */
export function withSnapshot(dataset: Dataset, made: ReadonlyMap<string, Version>, name: string): Dataset {
  const real = made.get(`${dataset.name}@${name}`);
  const older = dataset.snapshots.filter((snapshot) => !isPending(snapshot));
  return { ...dataset, snapshots: real?.kind === "snapshot" ? [...older, real] : older };
}
