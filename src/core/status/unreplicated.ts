/**
 * Datasets of this machine's pools that no job replicates. Pure.
 *
 * @module
 */

import { isWithin } from "../../zfs/names/names.ts";

export interface PoolDataset {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** What a job covers on this machine. */
export interface Coverage {
  /** The dataset at the top of its source. */
  readonly top: string;
  /** The datasets that its last run knew. */
  readonly datasets: readonly string[];
  /** When that run began, milliseconds since 1970: what was made since belongs to the next one. */
  readonly lastRunAt: number;
}

/** Those that no job covers, in their order. */
export function unreplicated(all: readonly PoolDataset[], jobs: readonly Coverage[]): string[] {
  const known = new Set(jobs.flatMap(({ datasets }) => datasets));
  const comesNext = ({ name, createdAt }: PoolDataset) =>
    jobs.some(({ top, lastRunAt }) => isWithin(name, top) && createdAt >= lastRunAt);
  return all.filter((dataset) => !known.has(dataset.name) && !comesNext(dataset)).map(({ name }) => name);
}
