/**
 * Two trees, dataset by dataset: what has a copy, what has none, and what only the target has. Pure.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, type Guid, moveName, parentOf } from "../../zfs/names/names.ts";
import { isSetAsideName } from "../../zfs/names/bzman_names.ts";
import { type CloneComparison, compareClones, inheritedBy } from "./compare_clones.ts";
import { compareVersions, lastReceived, type VersionComparison } from "./compare_versions.ts";

/** What the user named. */
export interface VerifyScope {
  readonly sourceTop: DatasetName;
  readonly targetTop: DatasetName;
  readonly isExcluded: (dataset: DatasetName) => boolean;
}

/** Both trees as they were listed, the target's first. */
export interface TwoTrees {
  readonly source: readonly Dataset[];
  readonly target: readonly Dataset[];
  /** Filesystems of the target whose writes are proven to be nobody's. */
  readonly ignorableWrites: ReadonlySet<string>;
  /** GUIDs of what is known to have arrived at the copy of a dataset once. @default {nothing is known} */
  readonly received?: (source: Dataset, targetName: DatasetName) => ReadonlySet<string>;
  /** As in a plan's input. */
  readonly seen?: ReadonlySet<Guid>;
}

/** A dataset of the source and its copy. */
export interface DatasetComparison {
  readonly source: Dataset;
  /** Where its copy belongs. */
  readonly targetName: DatasetName;
  readonly state: CopyState;
}

/** How a copy stands. */
export type CopyState =
  /** It is there, and can be compared. */
  | {
    readonly kind: "there";
    readonly target: Dataset;
    readonly versions: VersionComparison;
    /** Bytes that somebody wrote to the copy since its newest snapshot. */
    readonly writtenBytes: bigint;
    /** The GUIDs of what the copy has through its origin. */
    readonly inherited: ReadonlySet<Guid>;
  }
  /** Its first copy was cut, or is under way. */
  | { readonly kind: "partial"; readonly target: Dataset }
  /** One side is a filesystem, the other a volume. */
  | { readonly kind: "other-type"; readonly target: Dataset }
  /** The target has it under another name. */
  | { readonly kind: "renamed"; readonly at: DatasetName }
  /** The source itself has no snapshot that could have been copied. */
  | { readonly kind: "no-snapshot" }
  /** It was made since the newest version of the top that was copied. */
  | { readonly kind: "new" }
  | { readonly kind: "missing" };

/** The whole comparison. */
export interface TreeComparison {
  readonly datasets: readonly DatasetComparison[];
  /** What only the target has. */
  readonly orphans: readonly DatasetName[];
  /** What was left out. */
  readonly excluded: readonly DatasetName[];
  readonly clones: CloneComparison;
}

export function compareTrees(
  { source, target, ignorableWrites, received = () => new Set(), seen = new Set() }: TwoTrees,
  scope: VerifyScope,
): TreeComparison {
  const targetNameOf = (name: DatasetName) => moveName(name, scope.sourceTop, scope.targetTop);
  const onTarget = new Map(
    target.flatMap(({ name, snapshots }) => snapshots.map(({ guid }) => [guid as string, name])),
  );
  // What a promotion moved to another dataset of the target is not gone.
  const receivedOf = (dataset: Dataset): ReadonlySet<string> => {
    const place = targetNameOf(dataset.name);
    return new Set([...received(dataset, place)].filter((guid) => (onTarget.get(guid) ?? place) === place));
  };
  const copies = new Map<string, Dataset>(target.map((dataset) => [dataset.name, dataset]));
  const taken = new Set<string>(source.map(({ name }) => targetNameOf(name)));
  const others = target.filter(({ name }) => !taken.has(name) && !isSetAsideName(name));
  const included = source.filter(({ name }) => !scope.isExcluded(name));
  const top = source.find(({ name }) => name === scope.sourceTop);
  const copyOfTop = copies.get(scope.targetTop);
  // Transaction groups order everything in one pool: what is younger than this cannot have been copied with it.
  const copiedUpTo = top && copyOfTop && compareVersions(top, copyOfTop).common?.source.createtxg;

  const stateOf = (dataset: Dataset): CopyState => {
    const copy = copies.get(targetNameOf(dataset.name));
    if (copy === undefined) return stateWithout(dataset);
    if (copy.type !== dataset.type) return { kind: "other-type", target: copy };
    if (copy.snapshots.length === 0 && copy.resumeToken !== undefined) return { kind: "partial", target: copy };
    if (dataset.snapshots.length === 0 && dataset.bookmarks.length === 0 && copy.snapshots.length === 0) {
      return { kind: "no-snapshot" };
    }
    return {
      kind: "there",
      target: copy,
      versions: compareVersions(dataset, copy, receivedOf(dataset)),
      inherited: inheritedBy(copy, copies),
      writtenBytes: ignorableWrites.has(copy.name) ? 0n : copy.writtenBytes,
    };
  };
  const stateWithout = (dataset: Dataset): CopyState => {
    const guids = new Set<string>(dataset.snapshots.map(({ guid }) => guid));
    const renamedCopy = others.find((other) =>
      other.type === dataset.type && other.snapshots.some(({ guid }) => guids.has(guid))
    );
    if (renamedCopy) return { kind: "renamed", at: renamedCopy.name };
    if (dataset.snapshots.length === 0) return { kind: "no-snapshot" };
    if (lastReceived(dataset, receivedOf(dataset)) !== undefined) return { kind: "missing" };
    if (copiedUpTo !== undefined && dataset.createtxg > copiedUpTo) return { kind: "new" };
    return { kind: "missing" };
  };

  const datasets = included.map((dataset): DatasetComparison => ({
    source: dataset,
    targetName: targetNameOf(dataset.name),
    state: stateOf(dataset),
  }));
  const renamed = new Set<string>(datasets.flatMap(({ state }) => state.kind === "renamed" ? [state.at] : []));
  const orphans = target.filter(({ name }) => !taken.has(name) && !renamed.has(name)).map(({ name }) => name);
  const excluded = source.filter(({ name }) => scope.isExcluded(name));
  return {
    datasets,
    orphans,
    excluded: excluded.map(({ name }) => name),
    clones: compareClones({ ...scope, source: included, excluded, target, seen }, orphans),
  };
}

/** The missing datasets whose parents are not missing, with the number of those below that are. */
export function missingTops(
  datasets: readonly DatasetComparison[],
): readonly { readonly missing: DatasetComparison; readonly below: number }[] {
  const missing = datasets.filter(({ state }) => state.kind === "missing");
  const names = new Set<string>(missing.map(({ source }) => source.name));
  const tops = missing.filter(({ source }) => !names.has(parentOf(source.name) ?? ""));
  return tops.map((one) => ({
    missing: one,
    below: missing.filter(({ source }) => source.name.startsWith(`${one.source.name}/`)).length,
  }));
}
