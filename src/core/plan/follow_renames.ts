/**
 * A dataset that was renamed on the source is recognised by its snapshots' GUIDs and renamed on the target, instead of
 * being sent again.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import { type DatasetName, isWithin, moveName, parentOf } from "../../zfs/names.ts";
import type { PlanInput } from "./plan_tree.ts";
import type { Step } from "./step.ts";

/** The renames, and the target's tree as it is after them. */
export interface Renames {
  readonly steps: readonly Step[];
  readonly target: readonly Dataset[];
}

/** Finds what was renamed: at most one match, whose name nobody on the source has now. */
export function followRenames(input: PlanInput): Renames {
  let target = [...input.target];
  const steps: Step[] = [];
  const wanted = new Set<string>(input.source.map(({ name }) => moveName(name, input.sourceTop, input.targetTop)));
  for (const excluded of input.excluded) wanted.add(moveName(excluded, input.sourceTop, input.targetTop));
  const parentsFirst = [...input.source].sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  for (const source of parentsFirst) {
    const name = moveName(source.name, input.sourceTop, input.targetTop);
    const names = new Set<string>(target.map((dataset) => dataset.name));
    const parent = parentOf(name);
    if (names.has(name) || parent === undefined || !names.has(parent)) continue;
    const guids = new Set<string>(source.snapshots.map((snapshot) => snapshot.guid));
    const matches = target.filter((dataset) => {
      const newest = dataset.snapshots.at(-1);
      return newest !== undefined && guids.has(newest.guid) && !wanted.has(dataset.name) &&
        dataset.type === source.type && !isWithin(name, dataset.name);
    });
    const match = matches[0];
    if (match === undefined || matches.length > 1) continue;
    steps.push({ kind: "rename", target: match.name, as: name });
    target = target.map((dataset) => isWithin(dataset.name, match.name) ? renamed(dataset, match.name, name) : dataset);
  }
  return { steps, target };
}

function renamed(dataset: Dataset, from: DatasetName, to: DatasetName): Dataset {
  const name = moveName(dataset.name, from, to);
  return {
    ...dataset,
    name,
    snapshots: dataset.snapshots.map((snapshot) => ({ ...snapshot, dataset: name })),
    bookmarks: dataset.bookmarks.map((bookmark) => ({ ...bookmark, dataset: name })),
  };
}
