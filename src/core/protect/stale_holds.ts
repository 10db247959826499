/**
 * Releases holds of this job that earlier runs left: one that was killed, or whose transfer a later one overtook. Holds of
 * others are never touched, nor is anything asked where nothing can have been left.
 *
 * @module
 */

import { parseRows } from "../../zfs/arguments/command.ts";
import { listHolds } from "../../zfs/arguments/change.ts";
import type { Dataset } from "../../zfs/names/dataset.ts";
import type { DatasetName } from "../../zfs/names/names.ts";
import { holdTag } from "../../zfs/names/bzman_names.ts";
import { fullName, type Snapshot } from "../../zfs/names/version.ts";
import { newestCommon } from "../inspect/common_version.ts";
import { nameBatches } from "../inspect/name_batches.ts";
import { type ProtectContext, type ReceivedVersion, releaseAll } from "./holds_and_bookmarks.ts";
import type { RunState } from "../run/run_state.ts";
import { lastCompleted } from "./bookmark_cursor.ts";

const limitMs = 10 * 60_000;

/** The snapshots of a dataset that an earlier run may have left held. */
export interface MaybeHeld {
  /** To be asked about. */
  readonly likely: readonly Snapshot[];
  /** To be asked about where one of `likely` turns out to be held. */
  readonly further: readonly Snapshot[];
}

/**
 * Finds them.
 *
 * @param dataset As it was listed at the beginning.
 * @param at What its target has now.
 * @param target As it was at the beginning; `undefined` when it was not there.
 */
export function mayBeHeld(dataset: Dataset, at: Snapshot, target: Dataset | undefined, key: string): MaybeHeld {
  const base = target && newestCommon(dataset, target)?.source;
  const baseTxg = base?.createtxg ?? 0n;
  const newer = dataset.snapshots.filter(({ createtxg }) => createtxg > baseTxg && createtxg < at.createtxg);
  const ended = base && lastCompleted(dataset, base, key);
  if (base === undefined) return { likely: newer, further: [] };
  if (ended?.guid === base.guid) {
    // Of a copy that was begun anew since, from the very snapshot of the bookmark, that alone may be there.
    const anew = target?.snapshots.length === 1 ? dataset.snapshots.filter(({ guid }) => guid === base.guid) : [];
    return { likely: [...anew, ...newer], further: [] };
  }
  // An earlier run did not end: what it held may be the base by now, or older. One that began anew also held the oldest.
  const older = dataset.snapshots.filter(({ createtxg }, i) =>
    createtxg <= baseTxg && (i === 0 || createtxg >= (ended?.createtxg ?? 0n))
  );
  if (ended !== undefined) return { likely: [...older, ...newer], further: [] };
  // No run ever ended here. A copy that was begun by somebody else has many snapshots, and no hold of ours. One of bzman's
  // begins with the oldest, and every run holds what it is to end with.
  const likely = older.filter((snapshot, i) => i === 0 || snapshot.guid === base.guid);
  return { likely: [...likely, ...newer], further: older.filter((snapshot) => !likely.includes(snapshot)) };
}

/**
 * Finds them where the target had nothing at all at the beginning, and no run ever ended. One that failed, or was killed, before
 * anything arrived held what it meant to send, and of the top at least its newest snapshot: nothing is sent where the top cannot be.
 *
 * @param datasets As they were listed at the beginning, each with what its target has now.
 */
export function mayBeHeldAtFirst(datasets: readonly ReceivedVersion[], top: DatasetName): MaybeHeld {
  const older = datasets.flatMap(({ dataset, at }) =>
    dataset.snapshots.filter(({ createtxg }) => createtxg < at.createtxg)
  );
  const [likely, further] = [older.filter((one) => one.dataset === top), older.filter((one) => one.dataset !== top)];
  return { likely, further };
}

/**
 * What this run held of datasets that are not done, but that arrived or was overtaken: the bookmark protects that from now
 * on, so that no later run looks for holds there.
 */
export function overtaken(runState: Pick<RunState, "held" | "datasets">): Snapshot[] {
  const open = new Map(
    runState.datasets.filter(({ at, goal }) => at !== undefined && at.guid !== goal?.guid).map((
      { dataset, at },
    ) => [dataset, at?.createtxg ?? 0n]),
  );
  return runState.held.filter(({ dataset, createtxg }) => createtxg <= (open.get(dataset) ?? -1n));
}

/** Releases those of them that this job holds. What fails is left to the next run. */
export async function releaseStale(datasets: readonly MaybeHeld[], context: ProtectContext): Promise<void> {
  const found = await releaseHeld(datasets.flatMap(({ likely }) => likely), context);
  const further = datasets.filter(({ likely }) => likely.some((snapshot) => found.has(fullName(snapshot))))
    .flatMap((dataset) => dataset.further);
  await releaseHeld(further, context);
}

/** Releases what this job holds of them; returns the full names of that. */
async function releaseHeld(snapshots: readonly Snapshot[], context: ProtectContext): Promise<ReadonlySet<string>> {
  const tag = holdTag(context.key);
  const found = new Set<string>();
  for (const batch of nameBatches(snapshots.map(fullName))) {
    const outcome = await context.source.run(listHolds(batch), { signal: context.signal, timeoutMs: limitMs });
    // Status 1: some vanished meanwhile; the others are told.
    if (outcome.connection || outcome.stopped) return found;
    let held: string[];
    try {
      held = parseRows(outcome.stdout, 3).filter((row) => row[1] === tag).map(([name = ""]) => name);
    } catch (error) {
      if (error instanceof SyntaxError) return found;
      throw error;
    }
    if (held.length > 0) await releaseAll(held, context);
    for (const name of held) found.add(name);
  }
  return found;
}
