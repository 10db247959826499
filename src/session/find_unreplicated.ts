/**
 * Asks this machine which datasets no job replicates, as long as ZFS answers at once.
 *
 * @module
 */

import type { JobStatus } from "../core/status/job_facts.ts";
import { unreplicated } from "../core/status/unreplicated.ts";
import { localHostName } from "../hosts/local_machine.ts";
import { type DatasetName, parseDatasetName, poolOf } from "../zfs/names/names.ts";
import { listPoolDatasets } from "../zfs/pools/pool_datasets.ts";
import { poolStates } from "../zfs/pools/pool_states.ts";
import type { Context } from "./context.ts";
import type { Session } from "./session.ts";

/** This is a note beside the answer, and not worth waiting for, in milliseconds. */
const limitMs = 5_000;

/** Those of the pools that local jobs replicate from; none when ZFS is not there or hangs. */
export async function findUnreplicated(
  jobs: readonly JobStatus[],
  session: Session,
  { signal }: Context,
): Promise<readonly string[]> {
  const here = `${localHostName()}:`;
  const local = jobs.filter(({ source }) => source.startsWith(here));
  const coverage = local.map(({ source, datasets, lastRun, running }) => ({
    top: source.slice(here.length),
    datasets: datasets.map(({ dataset }) => dataset),
    lastRunAt: lastRun?.startedAt ?? running?.startedAt ?? 0,
  }));
  const pools = [...new Set(coverage.map(({ top }) => poolOf(parseDatasetName(top))))];
  if (pools.length === 0) return [];
  const host = session.hosts.at(undefined);
  const states = poolStates().parse((await host.run(poolStates().argv, { timeoutMs: limitMs, signal })).stdout);
  const found: string[] = [];
  for (const pool of pools.filter((name) => states.get(name) === "ONLINE")) found.push(...await list(pool));
  return found;

  async function list(pool: DatasetName): Promise<string[]> {
    const command = listPoolDatasets(pool);
    const outcome = await host.run(command.argv, { timeoutMs: limitMs, signal });
    try {
      return outcome.status === 0 && !outcome.stopped ? unreplicated(command.parse(outcome.stdout), coverage) : [];
    } catch (error) {
      if (error instanceof SyntaxError) return [];
      throw error;
    }
  }
}
