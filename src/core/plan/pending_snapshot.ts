/**
 * The snapshot to come: a placeholder in the plan, until the real one is there.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import type { Guid } from "../../zfs/names/names.ts";
import type { Snapshot, Version } from "../../zfs/names/version.ts";

/** No snapshot of ZFS has these GUIDs. */
const pendingGuid = "0" as Guid;
const pendingBaseGuid = "00" as Guid;
const lastTxg = (1n << 64n) - 1n;

/** A dataset as it will be after the snapshot. */
export function withPending(dataset: Dataset, name: string): Dataset {
  const pending: Snapshot = { kind: "snapshot", dataset: dataset.name, name, guid: pendingGuid, createtxg: lastTxg };
  return { ...dataset, snapshots: [...dataset.snapshots, pending] };
}

/**
 * A dataset as it will be with a snapshot of its own, made just before that of all. The first copy into an empty pool's
 * root needs one: see `rootBase` in `plan/gather_packages.ts`.
 */
export function withPendingBase(dataset: Dataset, name: string): Dataset {
  const pending: Snapshot = {
    kind: "snapshot",
    dataset: dataset.name,
    name,
    guid: pendingBaseGuid,
    createtxg: lastTxg - 1n,
  };
  return { ...dataset, snapshots: [...dataset.snapshots, pending] };
}

/** The names of the snapshots to come: of the one of all, and of its base where there is to be one. */
export interface PendingNames {
  readonly name: string;
  readonly base: string | undefined;
}

/**
 * The names of the placeholders.
 *
 * @param top The top dataset of the source.
 * @throws {RangeError} When no snapshot is to come.
 */
export function pendingNames(top: Dataset | undefined): PendingNames {
  const of = (wanted: Guid) => top?.snapshots.findLast(({ guid }) => guid === wanted)?.name;
  const name = of(pendingGuid);
  if (name === undefined) throw new RangeError("no snapshot is to come");
  return { name, base: of(pendingBaseGuid) };
}

/** True for the placeholder. */
export function isPending(version: Version): boolean {
  return version.guid === pendingGuid || version.guid === pendingBaseGuid;
}

/**
 * A dataset with the real snapshots, where they were made.
 *
 * @param made By full name.
 * @param names What they really became.
 */
export function withSnapshots(dataset: Dataset, made: ReadonlyMap<string, Version>, names: PendingNames): Dataset {
  const snapshots = dataset.snapshots.flatMap((snapshot) => {
    if (!isPending(snapshot)) return [snapshot];
    const real = made.get(`${dataset.name}@${snapshot.guid === pendingGuid ? names.name : names.base}`);
    return real?.kind === "snapshot" ? [real] : [];
  });
  return { ...dataset, snapshots };
}
