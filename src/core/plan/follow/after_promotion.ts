/**
 * A tree as it is after `zfs promote`.
 *
 * @module
 */

import type { Dataset } from "../../../zfs/names/dataset.ts";
import type { DatasetName } from "../../../zfs/names/names.ts";
import { fullName } from "../../../zfs/names/version.ts";
import type { PromoteStep } from "../step.ts";

/** The same datasets in the same order; bookmarks stay where they are. */
export function afterPromotion(
  tree: readonly Dataset[],
  { target: clone, from, origin, moves }: PromoteStep,
): Dataset[] {
  const moving = new Set(moves.map(fullName));
  const before = tree.find(({ name }) => name === from);
  // A dataset that is a clone itself has no part in the key of the first of its chain.
  const takesKey = before?.encryptionRoot === from && before.origin === undefined;
  const originOf = (dataset: Dataset): string | undefined => {
    if (dataset.name === clone) return before?.origin;
    if (dataset.name === from) return fullName({ ...origin, dataset: clone });
    if (dataset.origin === undefined || !moving.has(dataset.origin)) return dataset.origin;
    return `${clone}${dataset.origin.slice(from.length)}`;
  };
  return tree.map((dataset) => {
    const encryptionRoot: DatasetName | undefined = takesKey && dataset.encryptionRoot === from
      ? clone
      : dataset.encryptionRoot;
    const then = { ...dataset, origin: originOf(dataset), encryptionRoot };
    if (dataset.name === clone) {
      const gained = moves.map((snapshot) => ({ ...snapshot, dataset: clone }));
      return { ...then, snapshots: [...gained, ...dataset.snapshots] };
    }
    if (dataset.name !== from) return then;
    return { ...then, snapshots: dataset.snapshots.filter((snapshot) => !moving.has(fullName(snapshot))) };
  });
}
