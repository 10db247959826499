/**
 * Datasets that only the target has, but of which a copy is a clone: as long as it is, they cannot be destroyed without it.
 *
 * @module
 */

import type { Dataset } from "../../../zfs/names/dataset.ts";
import type { DatasetName } from "../../../zfs/names/names.ts";

/** An orphan with the copies that depend on it. */
export interface NeededOrphan {
  readonly orphan: DatasetName;
  /** Copies that are its clones, in the order of the listing. */
  readonly clones: readonly DatasetName[];
}

/**
 * Finds them.
 *
 * @param orphans Names of what only the target has.
 * @param target The target's whole tree.
 */
export function neededOrphans(orphans: readonly DatasetName[], target: readonly Dataset[]): NeededOrphan[] {
  const alone = new Set(orphans);
  return orphans.flatMap((orphan) => {
    const clones = target.filter(({ name, origin }) => !alone.has(name) && origin?.startsWith(`${orphan}@`) === true);
    return clones.length === 0 ? [] : [{ orphan, clones: clones.map(({ name }) => name) }];
  });
}
