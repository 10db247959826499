/**
 * A dataset that was renamed on the source is recognised by its snapshots' GUIDs and renamed on the target, instead of
 * being sent again.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import { type DatasetName, isWithin, moveName, parentOf } from "../../zfs/names.ts";
import { isAsideName } from "../../zfs/own_names.ts";
import type { PlanInput } from "./plan_tree.ts";
import { arrivals } from "./gather_packages.ts";
import { isStream, type RenameStep, type Step } from "./step.ts";

/** The renames, and the target's tree as it is after them. */
export interface Renames {
  /** Those that can be made first of all. */
  readonly steps: readonly RenameStep[];
  /** Those that must wait until their new parent has arrived. */
  readonly late: readonly RenameStep[];
  readonly target: readonly Dataset[];
}

/**
 * Finds what was renamed: at most one match, whose name nobody on the source has now. What was set aside has the same
 * snapshots as its new copy, and stays aside.
 */
export function followRenames(input: PlanInput): Renames {
  let target = [...input.target];
  const steps: RenameStep[] = [];
  const late: RenameStep[] = [];
  const wanted = new Set<string>(input.source.map(({ name }) => moveName(name, input.sourceTop, input.targetTop)));
  for (const { name } of input.excluded) wanted.add(moveName(name, input.sourceTop, input.targetTop));
  const parentsFirst = [...input.source].sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  let names = namesOf(target);
  let parents = namesOf(target.filter(mayHoldChildren));
  /** Parents that this run makes, by a copy or by a late rename. */
  const coming = new Set<string>();
  // What is set aside by then takes along what lies below it.
  const mayWait = input.onDivergence !== "keep-both" && input.onForeign !== "keep-both";
  for (const source of parentsFirst) {
    const name = moveName(source.name, input.sourceTop, input.targetTop);
    const parent = parentOf(name);
    if (names.has(name) || parent === undefined || !(parents.has(parent) || coming.has(parent))) continue;
    const guids = new Set<string>(source.snapshots.map((snapshot) => snapshot.guid));
    const matches = target.filter((dataset) => {
      const newest = dataset.snapshots.at(-1);
      return newest !== undefined && guids.has(newest.guid) && !wanted.has(dataset.name) &&
        dataset.type === source.type && !isWithin(name, dataset.name) && !isAsideName(dataset.name);
    });
    const match = matches[0];
    if (match === undefined || matches.length > 1 || !mayMove(match, parent, target)) {
      const comes = mayWait && match === undefined && source.type === "filesystem" && source.origin === undefined;
      if (comes && parents.has(parent)) coming.add(name);
      continue;
    }
    // What moves along with another, or belongs to clones, is not worth the wait: it is sent again.
    const isEntangled = late.some(({ target: old, as }) =>
      isWithin(match.name, as) || isWithin(as, match.name) || isWithin(old, match.name) || isWithin(parent, as)
    ) || hasClones(match, target);
    if (isEntangled && (coming.has(parent) || late.length > 0)) {
      continue;
    }
    (coming.has(parent) ? late : steps).push({ kind: "rename", target: match.name, type: match.type, as: name });
    target = target.map((dataset) =>
      renamed(dataset, match.name, name)
    );
    names = namesOf(target);
    parents = namesOf(target.filter(mayHoldChildren));
  }
  return { steps, late, target };
}

/**
 * The steps of a plan with the late renames among them, each as soon as its new parent is there. One whose parent does not
 * come stays away.
 */
export function withLateRenames(steps: readonly Step[], late: readonly RenameStep[]): Step[] {
  const all = [...steps];
  for (const rename of late) {
    const parent = parentOf(rename.as);
    const comes = all.findIndex((step) => isStream(step) && arrivals(step).some(({ target }) => target === parent));
    if (comes >= 0) all.splice(comes + 1, 0, rename);
  }
  return all;
}

/** Whether a dataset, or one below it, is a clone or has one. */
function hasClones(top: Dataset, target: readonly Dataset[]): boolean {
  return target.some(({ name, origin }) =>
    origin !== undefined && (isWithin(name, top.name) || isWithin(origin.split("@", 1)[0] ?? "", top.name))
  );
}

function namesOf(datasets: readonly Dataset[]): ReadonlySet<string> {
  return new Set(datasets.map(({ name }) => name));
}

/** Nothing lies below a volume, or below what a first copy left that was cut. */
export function mayHoldChildren({ name, type, resumeToken, snapshots }: Dataset): boolean {
  const isHalf = resumeToken !== undefined && snapshots.length === 0 && parentOf(name) !== undefined;
  return type === "filesystem" && !isHalf;
}

/** ZFS moves no dataset away from the one whose key it shares. */
function mayMove(top: Dataset, parent: DatasetName, target: readonly Dataset[]): boolean {
  const root = target.find(({ name }) => name === parent)?.encryptionRoot;
  return target.filter(({ name }) => isWithin(name, top.name)).every(({ encryptionRoot }) =>
    encryptionRoot === undefined || encryptionRoot === root || isWithin(encryptionRoot, top.name)
  );
}

/** A dataset after a rename of itself, of one above it, or of its origin. */
function renamed(dataset: Dataset, from: DatasetName, to: DatasetName): Dataset {
  const [originOf, at] = (dataset.origin ?? "").split("@");
  const origin = originOf && isWithin(originOf, from)
    ? `${moveName(originOf as DatasetName, from, to)}@${at}`
    : dataset.origin;
  if (!isWithin(dataset.name, from)) return origin === dataset.origin ? dataset : { ...dataset, origin };
  const name = moveName(dataset.name, from, to);
  return {
    ...dataset,
    name,
    origin,
    snapshots: dataset.snapshots.map((snapshot) => ({ ...snapshot, dataset: name })),
    bookmarks: dataset.bookmarks.map((bookmark) => ({ ...bookmark, dataset: name })),
  };
}
