/**
 * Tells whether a dataset is itself the copy of another: its newest snapshot of bzman was received, not made there.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import { snapshotProperty } from "../../zfs/own_names.ts";
import { fullName } from "../../zfs/version.ts";
import type { Host } from "../ports.ts";

/** Asks only where it can be so: a copy is read-only. */
export async function isReplica(host: Host, dataset: Dataset, signal: AbortSignal): Promise<boolean> {
  const newest = dataset.snapshots.at(-1);
  if (!dataset.readonly || newest === undefined) return false;
  const outcome = await host.run(
    ["zfs", "get", "-H", "-p", "-o", "source", snapshotProperty, fullName(newest)],
    { signal },
  );
  return outcome.status === 0 && outcome.stdout.trim() === "received";
}
