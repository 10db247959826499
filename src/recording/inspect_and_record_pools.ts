/**
 * Looks at the pools that a command line names, on as many hosts as it takes, all at once.
 *
 * @module
 */

import { inspectPools } from "../core/health/inspect_pools.ts";
import { type PoolInspection, poolLabel } from "../core/health/pool_inspection.ts";
import { sampleOf } from "../core/health/sample_pool.ts";
import type { PoolSample } from "../core/pool_sample.ts";
import { localHostName } from "../hosts/local_machine.ts";
import { type DatasetName, parseDatasetName, poolOf } from "../zfs/names/names.ts";
import type { PoolRef } from "../zfs/names/pool_ref.ts";
import type { Context } from "../session/context.ts";
import type { Session } from "../session/session.ts";

/** A look at a pool, with what is kept of it. */
export interface RecordedInspection {
  readonly inspection: PoolInspection;
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
export async function inspectAndRecordPools(
  refs: readonly PoolRef[],
  session: Session,
  context: Context,
): Promise<RecordedInspection[]> {
  const inspections = refs.length === 0
    ? await inspectLocalPools(session, context)
    : await inspectNamedPools(refs, session, context);
  context.signal.throwIfAborted();
  const at = context.clock();
  return inspections.map((inspection) => {
    const sample = sampleOf(inspection, at);
    if (sample !== undefined) session.history.addPoolSample(sample);
    return { inspection, label: poolLabel(inspection), sample };
  });
}

async function inspectNamedPools(
  refs: readonly PoolRef[],
  session: Session,
  context: Context,
): Promise<PoolInspection[]> {
  const byHost = Map.groupBy(refs, ({ host }) => host);
  const inspections = await Promise.all([...byHost].map(([host, wanted]) => {
    const names = [...new Set(wanted.map(({ pool }) => pool))];
    return inspectPools(session.hosts.at(host), names, { signal: context.signal });
  }));
  return inspections.flat();
}

async function inspectLocalPools(session: Session, context: Context): Promise<PoolInspection[]> {
  const host = session.hosts.at(undefined);
  const inspections = await inspectPools(host, [], { signal: context.signal });
  if (inspections.some(({ kind }) => kind === "unreachable")) return inspections;
  const missing = poolsOfJobs(session).filter((name) => !inspections.some(({ pool }) => pool === name));
  return [
    ...inspections,
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
