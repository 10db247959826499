/**
 * The newest that samples know of each pool. Pure.
 *
 * @module
 */

import type { PoolSample } from "../pool_sample.ts";

/** A pool as its samples know it. */
export interface LatestPool {
  /** The newest sample. */
  readonly last: PoolSample;
  /** Each fact from the newest sample that has it: a run of `replicate` knows less than one of `health`. */
  readonly known: Partial<PoolSample>;
  /** All samples of the pool, the oldest first. */
  readonly samples: readonly PoolSample[];
}

/** One entry a pool, by host and name. Another pool of the same name begins anew. */
export function latestPools(samples: readonly PoolSample[]): LatestPool[] {
  const byPlace = Map.groupBy(samples, ({ host, pool }) => `${host}\0${pool}`);
  return [...byPlace.entries()].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([, own]) => {
    const last = own.at(-1);
    if (last === undefined) return [];
    const guid = own.findLast(({ poolGuid }) => poolGuid !== undefined)?.poolGuid;
    const same = own.filter(({ poolGuid }) => poolGuid === undefined || poolGuid === guid);
    return [{ last, known: Object.assign({}, ...same) as Partial<PoolSample>, samples: same }];
  });
}
