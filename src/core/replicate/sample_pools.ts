/**
 * What a replication saw of the pools on both sides, for the record: it costs nothing, since they were listed anyway.
 *
 * @module
 */

import { sampleOfListing } from "../health/sample_pool.ts";
import type { HostInfo } from "../inspect/probe.ts";
import type { PoolSample } from "../pool_sample.ts";
import type { Prepared } from "../run/prepared.ts";

/** A root dataset, where the listing held it. */
interface Root {
  readonly name: string;
  readonly usedBytes: bigint;
  readonly availableBytes: bigint;
}

/**
 * The samples of the source's and of the target's pool.
 *
 * @param at Milliseconds since 1970.
 */
export function sampleSides(prepared: Prepared, at: number): PoolSample[] {
  const { source, target, sourceTree, targetTree, planInput } = prepared;
  return [
    ...sample(source, planInput.sourceTop, sourceTree.datasets.slice(0, 1), at),
    ...sample(target, planInput.targetTop, [...targetTree.ancestors, ...targetTree.datasets.slice(0, 1)], at),
  ];
}

function sample({ label, pools }: HostInfo, top: string, known: readonly Root[], at: number): PoolSample[] {
  const name = top.split("/", 1)[0] ?? top;
  const pool = pools.find((entry) => entry.name === name);
  if (pool === undefined) return [];
  const root = known.find((dataset) => dataset.name === name);
  const space = root ? { usedBytes: root.usedBytes, availableBytes: root.availableBytes } : {};
  return [{ at, host: label, pool: name, ...sampleOfListing(pool), ...space }];
}
