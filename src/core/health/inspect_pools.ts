/**
 * Looks at the pools of a host without ever waiting long: a pool whose I/O is suspended may hang every command that
 * opens it, so the kernel is asked first, in a way that cannot hang, and such a pool is left alone.
 *
 * @module
 */

import { type DatasetName, parseDatasetName } from "../../zfs/names/names.ts";
import { listPools } from "../../zfs/pools/pool.ts";
import { poolSpace } from "../../zfs/pools/pool_space.ts";
import { poolStates } from "../../zfs/pools/pool_states.ts";
import { poolStatus } from "../../zfs/pools/pool_status.ts";
import { outcomeFault, parseOutput } from "../inspect/query.ts";
import { Fault, type FaultParts } from "../fault.ts";
import type { Host, Outcome, RunLimits } from "../ports.ts";
import type { PoolInspection, PoolPlace } from "./pool_inspection.ts";

/** How to look. */
export interface InspectOptions {
  readonly signal: AbortSignal;
  /** How long the pools of a host may take to answer, in milliseconds. @default {20000} */
  readonly limitMs?: number;
}

/** A pool that hangs costs the whole limit: so many are waited for, then all that is left counts as silent. */
const maxHanging = 3;

const zoneArgv = ["date", "+%z"];

/** How far the local time is ahead of UTC, in milliseconds; 0 where it cannot be told. */
function parseZone(stdout: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)\n?$/.exec(stdout) ?? [];
  return sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60_000 : 60_000);
}

/**
 * Looks at pools of one host.
 *
 * @param wanted The names of pools; empty: every pool that is imported there.
 * @returns One look a pool, in the order wanted. Of a host that cannot be reached and was asked for all its pools: none
 * but a look of the kind `unreachable` with an empty name.
 */
export async function inspectPools(
  host: Host,
  wanted: readonly DatasetName[],
  options: InspectOptions,
): Promise<PoolInspection[]> {
  const limits = { timeoutMs: options.limitMs ?? 20_000, signal: options.signal };
  const place = (pool: string): PoolPlace => ({ host: host.label, isLocal: host.isLocal, pool });
  const lost = (fault: FaultParts): PoolInspection[] =>
    (wanted.length > 0 ? wanted : [""]).map((name) => ({ kind: "unreachable", ...place(name), fault }));
  const probe = await host.run(poolStates().argv, { ...limits, timeoutMs: 45_000 });
  if (probe.connection || probe.stopped === "aborted") {
    return lost(outcomeFault(host, poolStates().argv, probe, "cannot look at pools"));
  }
  // Where the kernel says nothing (another system, a guard that forbids the question), the commands themselves tell.
  const states = probe.status === 0 ? poolStates().parse(probe.stdout) : new Map<string, string>();
  let names = wanted;
  if (names.length === 0) {
    try {
      names = await namesOf(host, states, limits);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return lost(error.parts);
    }
  }
  const inspections = new Map<string, PoolInspection>();
  for (const name of names) {
    if (states.get(name) === "SUSPENDED") inspections.set(name, { kind: "suspended", ...place(name) });
  }
  let open = names.filter((name) => !inspections.has(name));
  for (let hanging = 0; open.length > 0; hanging += 1) {
    for (const inspection of await queryPools(host, open, hanging, limits)) {
      inspections.set(inspection.pool, inspection);
    }
    open = open.filter((name) => !inspections.has(name));
  }
  return names.map((name) => inspections.get(name)).filter((inspection) => inspection !== undefined);
}

async function namesOf(
  host: Host,
  states: ReadonlyMap<string, string>,
  limits: RunLimits,
): Promise<DatasetName[]> {
  if (states.size > 0) return [...states.keys()].sort().map(parseDatasetName);
  const pools = parseOutput(host, listPools(), await host.run(listPools().argv, limits), "cannot list pools");
  return pools.map(({ name }) => name);
}

/** Asks pools in turn, in one call. The first that hangs ends it: those behind it are asked again. */
async function queryPools(
  host: Host,
  names: readonly DatasetName[],
  hanging: number,
  limits: RunLimits,
): Promise<PoolInspection[]> {
  const commands = names.flatMap((name) => [poolStatus(name).argv, listPools(name).argv, poolSpace(name).argv]);
  const [date, ...outcomes] = await host.runAll([zoneArgv, ...commands], limits);
  const zoneOffsetMs = parseZone(date?.stdout ?? "");
  const inspections: PoolInspection[] = [];
  for (const [i, name] of names.entries()) {
    const own = outcomes.slice(3 * i, 3 * i + 3);
    const inspection = inspectionOf(host, name, own, zoneOffsetMs, limits.timeoutMs ?? 0);
    inspections.push(inspection);
    if (inspection.kind === "unresponsive" && hanging < maxHanging) return inspections;
  }
  return inspections;
}

function inspectionOf(
  host: Host,
  name: DatasetName,
  [status, list, space]: readonly Outcome[],
  zoneOffsetMs: number,
  limitMs: number,
): PoolInspection {
  const place = { host: host.label, isLocal: host.isLocal, pool: name };
  if (!status || !list || !space) throw new RangeError("runAll gave fewer outcomes than commands");
  const stopped = [status, list, space].find((outcome) => outcome.stopped === "timeout");
  if (stopped) return { kind: "unresponsive", ...place, limitMs, stuck: stopped.abandoned ?? false };
  if (status.status !== 0 && /no such pool/.test(status.stderr)) {
    return { kind: "missing", ...place };
  }
  const suspended = [status, list, space].some(({ stderr }) => /pool I\/O is currently suspended/.test(stderr));
  try {
    const seen = parseOutput(host, poolStatus(name), status, `cannot look at ${name}`);
    if (suspended || seen.state === "SUSPENDED") return { kind: "suspended", ...place };
    const [row] = parseOutput(host, listPools(name), list, `cannot look at ${name}`);
    if (row === undefined) return { kind: "missing", ...place };
    const root = parseOutput(host, poolSpace(name), space, `cannot look at ${name}`);
    return { kind: "answered", ...place, status: seen, list: row, space: root, zoneOffsetMs };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: "unreachable", ...place, fault: error.parts };
  }
}
