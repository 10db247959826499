/**
 * What one side looks like before anything is touched, in two calls to its host: a quick one that meets every hindrance
 * (no connection, no ZFS, a hanging pool) within seconds, then the listing of the tree.
 *
 * @module
 */

import type { Command } from "../../zfs/command.ts";
import type { Dataset } from "../../zfs/dataset.ts";
import { type BareDataset, joinVersions, listDatasets, listNamedDatasets, listVersions } from "../../zfs/list.ts";
import { type Features, poolFeatures } from "../../zfs/features.ts";
import { type DatasetName, parentOf, poolOf } from "../../zfs/names.ts";
import { listPools, type Pool, type ZfsVersion, zfsVersion } from "../../zfs/pool.ts";
import { exitStatus, Fault } from "../fault.ts";
import type { Host } from "../ports.ts";
import { outcomeFault, read } from "./ask.ts";

/** What a host is able to do, asked once a run. */
export interface HostFacts {
  readonly label: string;
  readonly zfs: ZfsVersion;
  readonly pools: readonly Pool[];
  /** Its clock minus ours, in milliseconds; good to about a second. */
  readonly clockOffsetMs: number;
  /** Whether mbuffer is there; `undefined` when it was not asked for. */
  readonly mbuffer: boolean | undefined;
  /** Whether commands run as root there. */
  readonly isRoot: boolean;
  /** Of the pool that matters; empty where they cannot be read. */
  readonly features: Features;
}

/** A host whose disks sleep may need this long to answer; a hanging pool never does. */
const quickLimitMs = 60_000;
/** Listing a million snapshots takes minutes. */
const listLimitMs = 30 * 60_000;

const clock: Command<number> = {
  argv: ["date", "+%s"],
  parse(stdout) {
    if (!/^[0-9]+\n?$/.test(stdout)) throw new SyntaxError(`not a time: ${stdout.slice(0, 80)}`);
    return Number(stdout) * 1000;
  },
};

const userId: Command<boolean> = {
  argv: ["id", "-u"],
  parse(stdout) {
    if (!/^[0-9]+\n?$/.test(stdout)) throw new SyntaxError(`not a user id: ${stdout.slice(0, 80)}`);
    return Number(stdout) === 0;
  },
};

/**
 * Asks what a host is able to do.
 *
 * @throws {Fault} Connection, missing programs, a kernel without ZFS, a hanging pool: each with its own class.
 */
export async function surveyHost(
  host: Host,
  pool: DatasetName,
  nowMs: () => number,
  wantMbuffer: boolean,
  signal: AbortSignal,
): Promise<HostFacts> {
  const features = poolFeatures(pool);
  const commands = [zfsVersion().argv, listPools().argv, clock.argv, userId.argv, features.argv];
  const outcomes = await host.runAll(wantMbuffer ? [...commands, ["mbuffer", "--version"]] : commands, {
    timeoutMs: quickLimitMs,
    signal,
  });
  const answeredAt = nowMs();
  const [version, pools, date, id, flags, mbuffer] = outcomes;
  if (!version || !pools || !date || !id) throw new RangeError("runAll gave fewer outcomes than commands");
  const refuse = (fault: Fault): never => {
    throw new Fault({ ...fault.parts, exit: exitStatus.refused });
  };
  try {
    const zfs = read(host, zfsVersion(), version, "cannot run zfs");
    return {
      label: host.label,
      zfs,
      pools: read(host, listPools(), pools, "cannot list pools"),
      clockOffsetMs: read(host, clock, date, "cannot read the clock") - answeredAt,
      isRoot: read(host, userId, id, "cannot tell the user"),
      // A pool that is not imported has none to tell, and is judged by that.
      features: flags?.status === 0 ? features.parse(flags.stdout) : new Map(),
      mbuffer: wantMbuffer ? mbuffer !== undefined && mbuffer.status !== 127 && mbuffer.status !== 126 : undefined,
    };
  } catch (error) {
    return error instanceof Fault ? refuse(error) : Promise.reject(error);
  }
}

/** The tree on one side. */
export interface Tree {
  /** Empty when its top is not there. */
  readonly datasets: readonly Dataset[];
  /** The top's ancestors that exist. */
  readonly ancestors: readonly BareDataset[];
}

/**
 * Lists a tree with all its versions.
 *
 * @param ancestorsToo Whether the datasets above are asked for (the target, whose top may not be there).
 * @throws {Fault} When the listing fails for another reason than that the top is not there.
 */
export async function listTree(
  host: Host,
  top: DatasetName,
  ancestorsToo: boolean,
  signal: AbortSignal,
): Promise<Tree> {
  const ancestors: DatasetName[] = [];
  for (let name = parentOf(top); name !== undefined; name = parentOf(name)) ancestors.push(name);
  const wantAncestors = ancestorsToo && ancestors.length > 0;
  const commands = [listDatasets(top).argv, listVersions(top).argv];
  const outcomes = await host.runAll(
    wantAncestors ? [...commands, listNamedDatasets(ancestors).argv] : commands,
    { timeoutMs: listLimitMs, signal },
  );
  const [datasets, versions, above] = outcomes;
  if (!datasets || !versions) throw new RangeError("runAll gave fewer outcomes than commands");
  const found = above === undefined
    ? []
    : above.stopped || above.connection
    ? read(host, listNamedDatasets(ancestors), above, `cannot list ${poolOf(top)}`)
    : listNamedDatasets(ancestors).parse(above.stdout);
  if (isMissing(datasets.status, datasets.stderr) && !datasets.stopped) return { datasets: [], ancestors: found };
  const bare = read(host, listDatasets(top), datasets, `cannot list ${top}`);
  if (versions.status !== 0) {
    throw new Fault(outcomeFault(host, listVersions(top).argv, versions, `cannot list ${top}`));
  }
  return { datasets: joinVersions(bare, listVersions(top).parse(versions.stdout)), ancestors: found };
}

function isMissing(status: number, stderr: string): boolean {
  return status === 1 && /cannot open '.*': dataset does not exist/.test(stderr);
}
