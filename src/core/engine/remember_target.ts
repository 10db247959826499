/**
 * Notes, at the end of a run, what the next one may take for known of the target's snapshots.
 *
 * @module
 */

import { listChanges } from "../../zfs/list.ts";
import type { DatasetName } from "../../zfs/names.ts";
import { isAtLeast } from "../../zfs/pool.ts";
import { Fault } from "../fault.ts";
import type { PlanInput } from "../plan/plan_tree.ts";
import { read } from "./ask.ts";
import type { ReplicatePorts } from "./input.ts";
import type { Prepared } from "./prepare.ts";
import type { PruneReport } from "./prune_both.ts";
import { type TargetRun, toRemember } from "./remembered.ts";
import { readClock } from "./survey.ts";
import type { Tally } from "./tally.ts";

/** What a run knows by then. */
export interface EndedRun {
  readonly ports: ReplicatePorts;
  readonly prepared: Prepared;
  readonly planInput: PlanInput;
  readonly tally: Tally;
  readonly pruned: PruneReport;
  readonly key: string;
  /** When the last stream had ended, by the monotonic clock, in milliseconds. */
  readonly arrivedAt: number;
}

/** ZFS counts changes in whole seconds: what is asked so much later stands in another second. */
const settleMs = 1_100;
/** It opens every dataset once. */
const limitMs = 10 * 60_000;

/** Remembers the target, or after a run that did not go well forgets it. Never fails: the next run just has to list. */
export async function rememberTarget(run: EndedRun): Promise<void> {
  const { ports, prepared, planInput, tally, pruned, key } = run;
  if (ports.memory === undefined || !isAtLeast(prepared.target.zfs.userland, 2, 2)) return;
  // Where the target was listed anew since, nothing of it is remembered.
  const recalled = planInput.target === prepared.planInput.target ? prepared.targetTree.recalled : new Map();
  const failed = pruned.failures.length > 0 || tally.accounts.some(({ fault }) => fault !== undefined);
  if (failed || ports.signal.aborted) return ports.memory.remember(key, new Map());
  const isUntouched = tally.accounts.every(({ kinds }) => kinds.length === 0) && pruned.target.destroyed.length === 0;
  // Everything was remembered, and still is so.
  if (isUntouched && recalled.size === prepared.targetTree.datasets.length) return;
  const unchangedMs = pruned.target.destroyed.length === 0 ? ports.monotonic() - run.arrivedAt : 0;
  if (!isUntouched && unchangedMs < settleMs) await ports.sleep(settleMs - unchangedMs);
  const told = await askChanges(planInput.targetTop, ports);
  const memory = told === undefined ? new Map() : toRemember({
    before: planInput.target,
    recalled,
    source: planInput.source,
    accounts: tally.accounts,
    destroyed: pruned.target.destroyed,
    ...told,
    nowMs: ports.clock(),
  });
  ports.memory.remember(key, memory);
}

/** `undefined` where the target does not answer, or not as expected: the copy is as good without. */
async function askChanges(
  top: DatasetName,
  { target, signal }: ReplicatePorts,
): Promise<Pick<TargetRun, "after" | "afterAt"> | undefined> {
  const changes = listChanges(top);
  try {
    const [clock, changed] = await target.runAll([readClock.argv, changes.argv], { signal, timeoutMs: limitMs });
    if (!clock || !changed) return undefined;
    const what = `cannot tell when snapshots of ${top} changed`;
    const afterAt = read(target, readClock, clock, what) / 1000;
    return { after: read(target, changes, changed, what), afterAt };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return undefined;
  }
}
