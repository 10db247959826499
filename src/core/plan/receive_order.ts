/**
 * The order in which the datasets of a tree can be received: parents before children, origins before clones.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, parentOf } from "../../zfs/names/names.ts";

/**
 * Orders a tree. Where a clone's origin cannot come before it (it lies below the clone itself, or below a clone of what
 * lies below this one) no order serves both; then the clone goes first and is sent as none.
 */
export function receiveOrder(datasets: readonly Dataset[]): Dataset[] {
  const byName = new Map<string, Dataset>(datasets.map((dataset) => [dataset.name, dataset]));
  const done = new Set<string>();
  const open = new Set<string>();
  const result: Dataset[] = [];
  const isOpen = (name: DatasetName): boolean => {
    for (let at: DatasetName | undefined = name; at !== undefined; at = parentOf(at)) {
      if (open.has(at) && !done.has(at)) return true;
    }
    return false;
  };
  const visit = (dataset: Dataset): void => {
    if (done.has(dataset.name) || open.has(dataset.name)) return;
    open.add(dataset.name);
    const parent = parentOf(dataset.name);
    const above = parent === undefined ? undefined : byName.get(parent);
    if (above) visit(above);
    const originName = dataset.origin?.split("@", 1)[0];
    const origin = originName === undefined ? undefined : byName.get(originName);
    // What is open waits for this one, and all below it too.
    if (origin && !isOpen(origin.name)) visit(origin);
    if (done.has(dataset.name)) return;
    done.add(dataset.name);
    result.push(dataset);
  };
  for (const dataset of [...datasets].sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) visit(dataset);
  return result;
}
