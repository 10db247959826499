/**
 * What a run locks.
 *
 * @module
 */

import type { DatasetName, Guid } from "./names.ts";

/**
 * The tree of a dataset for a lock: its pool by GUID, so that two names of one host (and of one pool) meet, and the path below.
 * Trees that overlap exclude each other.
 *
 * @example `lockTree("17", "tank/home")` is `17/home`.
 */
export function lockTree(poolGuid: Guid, dataset: DatasetName): string {
  return [poolGuid, ...dataset.split("/").slice(1)].join("/");
}
