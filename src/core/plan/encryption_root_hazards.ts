/**
 * Where the receiver of a raw package would give a dataset the key of a stranger.
 *
 * Whatever it recognises by a snapshot, also what `-X` leaves out, and what has a key of its own on the target but not on the
 * source, it makes inherit the key of the dataset above, unasked (`recv_fix_encryption_hierarchy` in OpenZFS's
 * libzfs_sendrecv.c). Where another dataset stands in between, with another key, the copy could not be opened any more.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, parentOf } from "../../zfs/names/names.ts";

/**
 * The datasets of the source whose copy would get a key that is not theirs.
 *
 * @param sources All of the source's tree.
 * @param targets The target's tree, by name.
 * @param targetNameOf The name on the target of a dataset of the source.
 */
export function encryptionRootHazards(
  sources: readonly Dataset[],
  targets: ReadonlyMap<string, Dataset>,
  targetNameOf: (name: DatasetName) => DatasetName,
): DatasetName[] {
  const names = new Set<string>(sources.map(({ name }) => name));
  // The key of what lies above the tree begins at its top on the target.
  const targetRootOf = (root: DatasetName): DatasetName | undefined => names.has(root) ? targetNameOf(root) : undefined;
  const byTargetName = new Map<string, Dataset>(sources.map((dataset) => [targetNameOf(dataset.name), dataset]));
  const isRecognised = (target: Dataset): boolean => {
    const guids = new Set<string>(byTargetName.get(target.name)?.snapshots.map(({ guid }) => guid));
    return target.snapshots.some(({ guid }) => guids.has(guid));
  };
  /** The root of a dataset's key, when the receiver is done. */
  const rootAfter = (name: DatasetName | undefined): string | undefined => {
    const target = name === undefined ? undefined : targets.get(name);
    if (target?.encryptionRoot === undefined) return undefined;
    const root = byTargetName.get(target.name)?.encryptionRoot;
    if (root === undefined || !isRecognised(target)) return target.encryptionRoot;
    if (targetRootOf(root) === target.name) return target.name;
    return target.encryptionRoot === target.name
      ? rootAfter(parentOf(target.name)) ?? target.name
      : target.encryptionRoot;
  };
  return sources.filter(({ name, encryptionRoot }) => {
    const root = encryptionRoot === undefined || encryptionRoot === name ? undefined : targetRootOf(encryptionRoot);
    if (root === undefined) return false;
    const target = targets.get(targetNameOf(name));
    if (target === undefined || target.encryptionRoot !== target.name || !isRecognised(target)) return false;
    return rootAfter(parentOf(target.name)) !== root;
  }).map(({ name }) => name);
}
