/**
 * Retention without a replication: lists one or both sides, decides every snapshot, and destroys what may go.
 *
 * @module
 */

import { isAnyBzmanBookmark } from "../../zfs/names/bzman_names.ts";
import type { Dataset } from "../../zfs/names/dataset.ts";
import { lockTree } from "../../zfs/names/lock_tree.ts";
import { type DatasetName, type Guid, moveName, poolOf } from "../../zfs/names/names.ts";
import { exitStatus, Fault } from "../fault.ts";
import { newestCommon } from "../inspect/common_version.ts";
import { listTree } from "../inspect/list_tree.ts";
import { type HostInfo, probeHost } from "../inspect/probe.ts";
import type { Keep } from "../keep.ts";
import type { Clock, Host } from "../ports.ts";
import { checkHost, checkPool, clockAgrees } from "../preflight/host_checks.ts";
import { checkOverlap } from "../preflight/overlap_checks.ts";
import { refusal } from "../preflight/refusal.ts";
import type { LockResult } from "../run/input.ts";
import { allReplicatedTxg } from "./prune_after_run.ts";
import { type PruneResult, pruneSnapshots } from "./prune_snapshots.ts";
import { retain, type RetentionVerdict } from "./retention_policy.ts";

/** What the user asked for. */
export interface PruneInput {
  readonly sourceTop: DatasetName;
  /** `undefined`: only the source is pruned. */
  readonly targetTop: DatasetName | undefined;
  readonly prefix: string;
  readonly keep: Keep;
  readonly adopt: boolean;
  readonly isExcluded: (dataset: DatasetName) => boolean;
}

/** The world, as pruning sees it. */
export interface PrunePorts {
  readonly source: Host;
  readonly target: Host | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  lock(key: string): Promise<LockResult>;
}

/** The verdicts on both sides, and how to carry them out. */
export interface PrunePlan {
  readonly source: readonly RetentionVerdict[];
  readonly target: readonly RetentionVerdict[];
  /** Destroys what may go; throws like `prune`. */
  carryOut(): Promise<readonly PruneResult[]>;
}

/**
 * Looks at the sides and decides.
 *
 * @param work Is given the plan while the lock on the target is held, so that no replication to it runs meanwhile.
 * @throws {Fault} When a side cannot be looked at (exit status 3), or a replication runs (4).
 */
export async function pruneStandalone<T>(
  input: PruneInput,
  ports: PrunePorts,
  work: (plan: PrunePlan) => Promise<T>,
): Promise<T> {
  const source = await inspectSide(ports.source, "source", input.sourceTop, ports);
  if (source.datasets.length === 0) throw missing(input.sourceTop, ports.source.label);
  const { target: host } = ports;
  const top = input.targetTop;
  if (host === undefined || top === undefined) return await work(plan(input, ports, source, undefined));
  const target = await inspectSide(host, "target", top, ports);
  if (target.datasets.length === 0) throw missing(top, host.label);
  const overlap = checkOverlap(source.facts, target.facts, input.sourceTop, top);
  if (overlap.some(({ verdict }) => verdict === "critical")) throw refusal(overlap);
  const pool = target.facts.pools.find(({ name }) => name === poolOf(top));
  if (pool === undefined) throw missing(top, host.label);
  const lock = await ports.lock(lockTree(pool.guid, top));
  if (lock.kind === "held") {
    throw new Fault({
      errorClass: "locked",
      what: `a run replicates to ${top}, or to a dataset above or below it`,
      where: host.label,
      why: lock.by,
      next: "prune after it has ended; the run prunes too",
      exit: exitStatus.locked,
    });
  }
  try {
    // Listed again now that nothing can change it: what was seen before the lock may be old.
    const tree = await listTree(host, top, { signal: ports.signal });
    return await work(plan(input, ports, source, { ...target, datasets: tree.datasets }));
  } finally {
    await lock.release();
  }
}

interface Side {
  readonly facts: HostInfo;
  readonly datasets: readonly Dataset[];
}

async function inspectSide(host: Host, side: "source" | "target", top: DatasetName, ports: PrunePorts): Promise<Side> {
  const facts = await probeHost(host, poolOf(top), ports.clock, false, ports.signal);
  const findings = [...checkHost(side, facts), checkPool(side, facts, poolOf(top))];
  if (findings.some(({ verdict }) => verdict === "critical")) throw refusal(findings);
  return { facts, datasets: (await listTree(host, top, { signal: ports.signal })).datasets };
}

function missing(top: DatasetName, where: string): Fault {
  return new Fault({
    errorClass: "dataset-missing",
    what: `there is no dataset ${top}`,
    where,
    next: "see what is there: zfs list -o name",
    exit: exitStatus.refused,
  });
}

function plan(input: PruneInput, ports: PrunePorts, source: Side, target: Side | undefined): PrunePlan {
  const copies = new Map<string, Dataset>(target?.datasets.map((dataset) => [dataset.name, dataset]));
  const included = source.datasets.filter(({ name }) => !input.isExcluded(name));
  const pairs = included.map((dataset) => ({
    dataset,
    copy: input.targetTop === undefined
      ? undefined
      : copies.get(moveName(dataset.name, input.sourceTop, input.targetTop)),
  }));
  const isAgeKnown = clockAgrees(source.facts) && (target === undefined || clockAgrees(target.facts));
  const nowMs = isAgeKnown ? ports.clock() : undefined;
  const verdicts = (
    dataset: Dataset,
    common: Guid | undefined,
    newestCommonTxg: bigint | undefined,
  ): RetentionVerdict[] =>
    retain({
      snapshots: dataset.snapshots,
      prefix: input.prefix,
      adopt: input.adopt,
      keep: input.keep,
      nowMs,
      needed: new Set([...ownBookmarks(dataset).map(({ guid }) => guid), ...(common === undefined ? [] : [common])]),
      newestCommonTxg,
      busySinceTxg: undefined,
    });
  const left = pairs.flatMap(({ dataset, copy }) => {
    const common = copy && newestCommon(dataset, copy)?.source;
    // Without a look at the target its bookmark tells what it has.
    const txg = common?.createtxg ?? (target ? undefined : ownBookmarks(dataset).at(-1)?.createtxg);
    return verdicts(dataset, common?.guid, txg);
  });
  const right = pairs.flatMap(({ dataset, copy }) => {
    const common = copy && newestCommon(dataset, copy)?.target;
    return copy ? verdicts(copy, common?.guid, common ? allReplicatedTxg : undefined) : [];
  });
  const shared = { prefix: input.prefix, adopt: input.adopt, key: undefined, signal: ports.signal };
  return {
    source: left,
    target: right,
    carryOut: async () =>
      await Promise.all([
        pruneSnapshots(left, { ...shared, host: ports.source, isRoot: source.facts.isRoot }),
        ...(target && ports.target
          ? [pruneSnapshots(right, { ...shared, host: ports.target, isRoot: target.facts.isRoot })]
          : []),
      ]),
  };
}

function ownBookmarks(dataset: Dataset): Dataset["bookmarks"] {
  return dataset.bookmarks.filter(({ name }) => isAnyBzmanBookmark(name));
}
