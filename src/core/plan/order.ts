/**
 * The order in which the datasets of a tree can be received: parents before children, origins before clones.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import { isWithin, parentOf } from "../../zfs/names.ts";

/**
 * Orders a tree. Where a clone's origin lies below the clone itself (possible after a promotion) no order serves both;
 * then the parent goes first and is sent as no clone.
 */
export function inOrder(datasets: readonly Dataset[]): Dataset[] {
  const byName = new Map<string, Dataset>(datasets.map((dataset) => [dataset.name, dataset]));
  const done = new Set<string>();
  const open = new Set<string>();
  const result: Dataset[] = [];
  const visit = (dataset: Dataset): void => {
    if (done.has(dataset.name) || open.has(dataset.name)) return;
    open.add(dataset.name);
    const parent = parentOf(dataset.name);
    const above = parent === undefined ? undefined : byName.get(parent);
    if (above) visit(above);
    const originName = dataset.origin?.split("@", 1)[0];
    const origin = originName === undefined ? undefined : byName.get(originName);
    if (origin && !isWithin(origin.name, dataset.name)) visit(origin);
    if (done.has(dataset.name)) return;
    done.add(dataset.name);
    result.push(dataset);
  };
  for (const dataset of [...datasets].sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) visit(dataset);
  return result;
}
