/**
 * Releases holds of this job that earlier runs left: one that was killed, or whose transfer a later one overtook. Holds of
 * others are never touched, nor is anything asked where nothing can have been left.
 *
 * @module
 */

import { parseRows } from "../../zfs/command.ts";
import { listHolds } from "../../zfs/change.ts";
import type { Dataset } from "../../zfs/dataset.ts";
import { bookmarkName, holdTag } from "../../zfs/own_names.ts";
import { fullName, type Snapshot } from "../../zfs/version.ts";
import { newestCommon } from "../plan/common_version.ts";
import { inBatches } from "./batches.ts";
import { type ProtectContext, releaseAll } from "./protect.ts";

const limitMs = 10 * 60_000;

/**
 * The snapshots of a dataset that an earlier run may have left held.
 *
 * @param dataset As it was listed at the beginning.
 * @param at What its target has now.
 * @param target As it was at the beginning; `undefined` when it was not there.
 * @param begun Whether the target had anything at all at the beginning.
 */
export function mayBeHeld(
  dataset: Dataset,
  at: Snapshot,
  target: Dataset | undefined,
  begun: boolean,
  key: string,
): Snapshot[] {
  // A first copy into an empty target: no earlier run got as far as to hold anything.
  if (!begun) return [];
  const base = target && newestCommon(dataset, target)?.source;
  // A run that ends well releases its hold before it makes its bookmark.
  const unfinished = base?.kind === "snapshot" &&
    !dataset.bookmarks.some(({ name }) => name === bookmarkName(key, base.guid));
  const since = base?.createtxg ?? 0n;
  return dataset.snapshots.filter((snapshot) =>
    snapshot.guid === base?.guid ? unfinished : snapshot.createtxg > since && snapshot.createtxg < at.createtxg
  );
}

/** Releases those of them that this job holds. What fails is left to the next run. */
export async function releaseStale(snapshots: readonly Snapshot[], context: ProtectContext): Promise<void> {
  const tag = holdTag(context.key);
  for (const batch of inBatches(snapshots.map(fullName))) {
    const outcome = await context.source.run(listHolds(batch), { signal: context.signal, timeoutMs: limitMs });
    // Status 1: some vanished meanwhile; the others are told.
    if (outcome.connection || outcome.stopped) return;
    let held: string[];
    try {
      held = parseRows(outcome.stdout, 3).filter((row) => row[1] === tag).map(([name = ""]) => name);
    } catch (error) {
      if (error instanceof SyntaxError) return;
      throw error;
    }
    if (held.length > 0) await releaseAll(held, context);
  }
}
