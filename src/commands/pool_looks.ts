/**
 * Looks at the pools that a command line names, on as many hosts as it takes, all at once.
 *
 * @module
 */

import { lookAtPools } from "../core/health/look_at_pools.ts";
import { poolLabel, type PoolLook } from "../core/health/pool_look.ts";
import { sampleOf } from "../core/health/sample_pool.ts";
import type { PoolSample } from "../core/pool_sample.ts";
import { localHostName } from "../hosts/local.ts";
import { type DatasetName, parseDatasetName, poolOf } from "../zfs/names.ts";
import type { PoolRef } from "../zfs/pool_ref.ts";
import type { Context } from "./context.ts";
import type { Session } from "./session.ts";

/** A look at a pool, with what is kept of it. */
export interface SampledLook {
  readonly look: PoolLook;
  readonly label: string;
  /** `undefined` for a host that could not even be asked which pools it has. */
  readonly sample: PoolSample | undefined;
}

/**
 * Looks, and keeps a sample of each pool.
 *
 * @param refs What was typed; empty: every pool of this machine, also one that is not imported though jobs need it.
 * @throws {Interruption} When a signal cut the looks short: they say nothing about the pools then.
 */
export async function lookAll(refs: readonly PoolRef[], session: Session, context: Context): Promise<SampledLook[]> {
  const looks = refs.length === 0 ? await lookHere(session, context) : await lookAt(refs, session, context);
  context.signal.throwIfAborted();
  const at = context.clock();
  return looks.map((look) => {
    const sample = sampleOf(look, at);
    if (sample !== undefined) session.history.addPoolSample(sample);
    return { look, label: poolLabel(look), sample };
  });
}

async function lookAt(refs: readonly PoolRef[], session: Session, context: Context): Promise<PoolLook[]> {
  const byHost = Map.groupBy(refs, ({ host }) => host);
  const looks = await Promise.all([...byHost].map(([host, wanted]) => {
    const names = [...new Set(wanted.map(({ pool }) => pool))];
    return lookAtPools(session.hosts.at(host), names, { signal: context.signal });
  }));
  return looks.flat();
}

async function lookHere(session: Session, context: Context): Promise<PoolLook[]> {
  const host = session.hosts.at(undefined);
  const looks = await lookAtPools(host, [], { signal: context.signal });
  if (looks.some(({ kind }) => kind === "unreachable")) return looks;
  const missing = poolsOfJobs(session).filter((name) => !looks.some(({ pool }) => pool === name));
  return [
    ...looks,
    ...missing.map((pool) => ({ kind: "missing", host: host.label, isLocal: true, pool }) as const),
  ];
}

/** The pools of this machine that jobs replicate from or to. */
export function poolsOfJobs(session: Session): DatasetName[] {
  const here = `${localHostName()}:`;
  const tops = session.history.jobs().flatMap(({ source, target }) => [source, target])
    .filter((end) => end.startsWith(here)).map((end) => end.slice(here.length));
  return [...new Set(tops)].map((top) => poolOf(parseDatasetName(top))).filter((pool, i, all) =>
    all.indexOf(pool) === i
  );
}
