/**
 * Whether work on a pool stands still, by what the record kept of earlier looks. Pure.
 *
 * @module
 */

import type { PoolSample } from "../pool_sample.ts";

/** What of an activity is compared. */
export interface WorkState {
  readonly key: string;
  readonly done: string;
}

/**
 * Since when an activity shows the same progress as now, in milliseconds since 1970; `now` when nothing earlier does.
 *
 * @param earlier Samples of the same pool, the oldest first. Those of a replication tell nothing of activities, and are skipped.
 */
export function stalledSince({ key, done }: WorkState, earlier: readonly PoolSample[], now: number): number {
  let since = now;
  for (const { at, detail } of earlier.toReversed()) {
    const known = at > now ? undefined : activitiesIn(detail);
    if (known === undefined) continue;
    if (!known.some((one) => one.key === key && one.done === done)) return since;
    since = at;
  }
  return since;
}

/** `undefined` where a sample says nothing of activities. */
function activitiesIn(detail: string | undefined): readonly WorkState[] | undefined {
  if (detail === undefined) return undefined;
  const { activities } = JSON.parse(detail) as { readonly activities?: readonly WorkState[] };
  return activities;
}
