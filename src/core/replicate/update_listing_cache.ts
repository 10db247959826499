/**
 * Notes, at the end of a run, what the next one may take for known of the target's snapshots.
 *
 * @module
 */

import type { DatasetName } from "../../zfs/names/names.ts";
import { listChanges } from "../../zfs/parsers/list.ts";
import { isAtLeast } from "../../zfs/pools/pool.ts";
import { Fault } from "../fault.ts";
import { readClock } from "../inspect/probe.ts";
import { parseOutput } from "../inspect/query.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import type { PruneReport } from "../retention/prune_after_run.ts";
import type { ReplicatePorts } from "../run/input.ts";
import type { Prepared } from "../run/prepared.ts";
import type { RunState } from "../run/run_state.ts";
import { cacheableListings, type RunChanges } from "./cacheable_listings.ts";

/** What a run knows by then. */
export interface EndedRun {
  readonly ports: ReplicatePorts;
  readonly prepared: Prepared;
  readonly planInput: PlanInput;
  readonly runState: RunState;
  readonly pruned: PruneReport;
  readonly key: string;
  /** When the last stream had ended, by the monotonic clock, in milliseconds. */
  readonly arrivedAt: number;
}

/** ZFS counts changes in whole seconds: what is asked so much later stands in another second. */
const nextSecondMs = 1_100;
/** It opens every dataset once. */
const limitMs = 10 * 60_000;

/** Remembers the target, or after a run that did not go well forgets it. Never fails: the next run just has to list. */
export async function updateListingCache(run: EndedRun): Promise<void> {
  const { ports, prepared, planInput, runState, pruned, key } = run;
  if (ports.listingCache === undefined || !isAtLeast(prepared.target.zfs.userland, 2, 2)) return;
  // Where the target was listed anew since, nothing of it is remembered.
  const cached = planInput.target === prepared.planInput.target ? prepared.targetTree.cached : new Map();
  const failed = pruned.failures.length > 0 || runState.datasets.some(({ fault }) => fault !== undefined);
  if (failed || ports.signal.aborted) return ports.listingCache.storeListings(key, new Map());
  const isUntouched = runState.datasets.every(({ kinds }) => kinds.length === 0) &&
    pruned.target.destroyed.length === 0;
  // Everything was remembered, and still is so.
  if (isUntouched && cached.size === prepared.targetTree.datasets.length) return;
  const unchangedMs = pruned.target.destroyed.length === 0 ? ports.monotonic() - run.arrivedAt : 0;
  if (!isUntouched && unchangedMs < nextSecondMs) await ports.sleep(nextSecondMs - unchangedMs);
  const changes = await queryChanges(planInput.targetTop, ports);
  const cache = changes === undefined ? new Map() : cacheableListings({
    before: planInput.target,
    cached,
    source: planInput.source,
    datasets: runState.datasets,
    destroyed: pruned.target.destroyed,
    ...changes,
    nowMs: ports.clock(),
  });
  ports.listingCache.storeListings(key, cache);
}

/** `undefined` where the target does not answer, or not as expected: the copy is as good without. */
async function queryChanges(
  top: DatasetName,
  { target, signal }: ReplicatePorts,
): Promise<Pick<RunChanges, "after" | "afterAt"> | undefined> {
  const changes = listChanges(top);
  try {
    const [clock, changed] = await target.runAll([readClock.argv, changes.argv], { signal, timeoutMs: limitMs });
    if (!clock || !changed) return undefined;
    const what = `cannot tell when snapshots of ${top} changed`;
    const afterAt = parseOutput(target, readClock, clock, what) / 1000;
    return { after: parseOutput(target, changes, changed, what), afterAt };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return undefined;
  }
}
