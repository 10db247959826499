/**
 * Arguments of the commands that change a dataset or its versions, each in its narrowest form.
 *
 * @module
 */

import type { DatasetName } from "../names/names.ts";
import { receivedTagProperty, snapshotProperty } from "../names/bzman_names.ts";
import { fullName, type Snapshot } from "../names/version.ts";

/**
 * One atomic snapshot of many datasets of a pool.
 *
 * @param datasets With `recursive` the top alone, else every dataset by name.
 */
export function takeSnapshot(
  datasets: readonly DatasetName[],
  name: string,
  prefix: string,
  recursive: boolean,
): string[] {
  return [
    "zfs",
    "snapshot",
    ...(recursive ? ["-r"] : []),
    "-o",
    `${snapshotProperty}=${prefix}`,
    ...datasets.map((dataset) => `${dataset}@${name}`),
  ];
}

/** Destroys snapshots of one dataset: all or, when one is held or has a clone, none. Never with `-d`, `-r` or `-R`. */
export function destroySnapshots(dataset: DatasetName, names: readonly string[]): string[] {
  return ["zfs", "destroy", `${dataset}@${names.join(",")}`];
}

export function destroyBookmark(dataset: DatasetName, name: string): string[] {
  return ["zfs", "destroy", `${dataset}#${name}`];
}

/** Makes a bookmark of a snapshot. Given more than two names ZFS makes only the first, so it is always one. */
export function makeBookmark(snapshot: Snapshot, bookmark: string): string[] {
  return ["zfs", "bookmark", fullName(snapshot), `${snapshot.dataset}#${bookmark}`];
}

/** Holds a snapshot, or with `recursive` that of the same name on every dataset below too. */
export function hold(tag: string, snapshots: readonly string[], recursive: boolean): string[] {
  return ["zfs", "hold", ...(recursive ? ["-r"] : []), tag, ...snapshots];
}

/** Releases what {@linkcode hold} held. */
export function release(tag: string, snapshots: readonly string[], recursive: boolean): string[] {
  return ["zfs", "release", ...(recursive ? ["-r"] : []), tag, ...snapshots];
}

/** Lists the holds of snapshots: rows of snapshot, tag and time. */
export function listHolds(snapshots: readonly string[]): string[] {
  return ["zfs", "holds", "-H", ...snapshots];
}

/** Rolls a dataset back to one of its snapshots, destroying the snapshots after it; never over a clone (`-R`). */
export function rollback(snapshot: string): string[] {
  return ["zfs", "rollback", "-r", snapshot];
}

/** Gives a dataset another name in the same pool; what it holds is not mounted by that (`-u`, refused for volumes). */
export function renameDataset(from: DatasetName, to: DatasetName, type: "filesystem" | "volume"): string[] {
  return ["zfs", "rename", ...(type === "volume" ? [] : ["-u"]), from, to];
}

/** Makes a clone the owner of its origin and of all older snapshots there; the dataset it was cloned from becomes a clone. */
export function promote(clone: DatasetName): string[] {
  return ["zfs", "promote", clone];
}

/** Makes an empty parent that is never mounted. */
export function createParent(dataset: DatasetName): string[] {
  return ["zfs", "create", "-u", "-o", "canmount=off", "-o", "readonly=on", dataset];
}

/** Marks snapshots of a target, by full name, as bzman's, whose stream could not carry the property. */
export function setReceivedTag(snapshots: readonly string[], prefix: string): string[] {
  return ["zfs", "set", `${receivedTagProperty}=${prefix}`, ...snapshots];
}

/** Keeps received filesystems from being mounted at boot; an administrator may still mount them by hand. */
export function setNoAuto(datasets: readonly DatasetName[]): string[] {
  return ["zfs", "set", "canmount=noauto", ...datasets];
}
