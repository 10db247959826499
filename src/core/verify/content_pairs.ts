/**
 * Whose contents can be compared, and by which snapshots. Pure.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import type { DatasetComparison } from "./compare_trees.ts";
import type { ContentResult, MissingKey } from "./content.ts";

/** A snapshot and its copy, both readable. */
export interface SnapshotPair {
  readonly dataset: DatasetComparison;
  readonly type: Dataset["type"];
  readonly source: Snapshot;
  readonly target: Snapshot;
  /** How much there is to read, at most: for the limits of time. */
  readonly bytes: bigint;
}

/** What can be done for a dataset: a pair to compare, or the result that is known beforehand. */
export type Readiness = { readonly pair: SnapshotPair } | { readonly result: ContentResult };

/** Tells for a dataset; the labels name both hosts. */
export function readiness(
  dataset: DatasetComparison,
  labels: { readonly source: string; readonly target: string },
): Readiness {
  const { source, state } = dataset;
  if (state.kind !== "there" || state.versions.snapshot === undefined) return { result: { kind: "nothing-common" } };
  const { target, versions: { snapshot } } = state;
  const keys = [...missingKey(source, labels.source), ...missingKey(target, labels.target)];
  if (keys.length > 0) return { result: { kind: "no-key", keys } };
  return { pair: { dataset, type: source.type, ...snapshot, bytes: source.referencedBytes } };
}

function missingKey(dataset: Dataset, host: string): MissingKey[] {
  if (dataset.encryption === "off" || dataset.keyStatus === "available") return [];
  return [{ host, dataset: dataset.encryptionRoot ?? dataset.name }];
}
