/**
 * How long a stream may move no byte before it is taken for dead.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, isWithin } from "../../zfs/names/names.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import type { StreamStep } from "../plan/step.ts";

/**
 * A dead link is noticed within half a minute by ssh itself; this is for a side that hangs, and leaves time to a send that only walks
 * through metadata on slow disks.
 */
const baseTimeoutMs = 300_000;
/**
 * `zfs receive` looks at all snapshots that the copy has, before, between and after what it reads, and opens each where the copy is not
 * mounted: 10,000 of them kept an emulated host silent for 20 to 36 minutes. This leaves it 47.
 */
const perSnapshotMs = 250;
const longestTimeoutMs = 60 * 60_000;

/** The limit for a step, in milliseconds: five minutes, and more for what both sides have to walk through; at most an hour. */
export function stallTimeoutMs(step: StreamStep, { source, target }: Pick<PlanInput, "source" | "target">): number {
  const concerns = (name: DatasetName, top: DatasetName): boolean =>
    step.kind === "package" ? isWithin(name, top) : name === top;
  const snapshots = (datasets: readonly Dataset[], top: DatasetName): number =>
    datasets.reduce((sum, dataset) => concerns(dataset.name, top) ? sum + dataset.snapshots.length : sum, 0);
  const snapshotsOpened = Math.max(snapshots(source, step.dataset), snapshots(target, step.target));
  return Math.min(longestTimeoutMs, baseTimeoutMs + perSnapshotMs * snapshotsOpened);
}
