/**
 * Everything that is known and decided before anything is touched: both hosts, both trees, the plan, the verdicts.
 * `preflight`, a dry run and a real run all begin with the very same preparation.
 *
 * @module
 */

import { targetKey } from "../../zfs/names/bzman_names.ts";
import { type DatasetName, type Guid, poolOf } from "../../zfs/names/names.ts";
import { isAtLeast } from "../../zfs/pools/pool.ts";
import { exitStatus, Fault } from "../fault.ts";
import type { Finding } from "../finding.ts";
import { allSeen } from "../inspect/known_snapshots.ts";
import { listTree, type Tree } from "../inspect/list_tree.ts";
import { unexpired } from "../inspect/listing_cache.ts";
import { type HostInfo, probeHost } from "../inspect/probe.ts";
import { replicasAmong, withinReplicas } from "../inspect/replicas.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import { planTree } from "../plan/plan_tree.ts";
import { checkSnapshotMethod } from "../plan/snapshot_method.ts";
import type { Host } from "../ports.ts";
import { checkClock, checkFeatures, checkHost, checkPool } from "../preflight/host_checks.ts";
import { checkOverlap } from "../preflight/overlap_checks.ts";
import { permissionFindings } from "../preflight/read_permissions.ts";
import { refusal } from "../preflight/refusal.ts";
import { checkTrees } from "../preflight/tree_checks.ts";
import type { ReplicateInput, ReplicatePorts } from "../run/input.ts";
import { listPhase, type Phases } from "../run/phases.ts";
import type { Prepared } from "../run/prepared.ts";
import { estimatePlan } from "./estimate.ts";
import { snapshotInputs } from "./make_snapshot.ts";
import { planInputOf } from "./read_plan_input.ts";
import { mayTrustCache } from "./trust_cache.ts";

/**
 * Looks at both sides and plans.
 *
 * @param willSnapshot The part behind `@` of the snapshot that the run will make, where that is free, or `undefined`.
 * @param locked Called once the target's pool is known, before the trees are listed.
 * @param found Gets the verdicts on the hosts, for a caller that wants them also when preparation fails later.
 * @throws {Fault} With exit status 3 when a side cannot be looked at, or the source is not there.
 */
export async function prepare(
  input: ReplicateInput,
  ports: ReplicatePorts,
  phases: Phases,
  willSnapshot: string | undefined,
  locked: (poolGuid: Guid) => Promise<void>,
  found: Finding[] = [],
): Promise<Prepared> {
  const { signal } = ports;
  const { source, target, findings, poolGuid } = await phases.measure("preflight", async () => {
    const facts = await probeBoth(input, ports);
    found.push(...facts.findings);
    const pool = facts.target.pools.find(({ name }) => name === poolOf(input.targetTop));
    if (pool === undefined || facts.findings.some(({ verdict }) => verdict === "critical")) {
      throw refusal(facts.findings);
    }
    await locked(pool.guid);
    return { ...facts, poolGuid: pool.guid };
  });
  const cache = ports.listingCache && isAtLeast(target.zfs.userland, 2, 2)
    ? unexpired(ports.listingCache.readListings(targetKey(poolGuid, input.targetTop)), ports.clock())
    : undefined;
  const listTarget = (known: typeof cache): Promise<Tree> => {
    const options = { ancestors: true, signal, ...(known ? { cache: known } : {}) };
    return phases.measure(listPhase(ports.target), () => listTree(ports.target, input.targetTop, options));
  };
  const [sourceTree, cachedTree] = await Promise.all([
    phases.measure(listPhase(ports.source), () => listTree(ports.source, input.sourceTop, { signal })),
    listTarget(cache),
  ]);
  if (sourceTree.datasets.length === 0) throw sourceMissing(input.sourceTop, source);
  const snapshotted = sourceTree.datasets.filter(({ name }) => willSnapshot !== undefined && !input.isExcluded(name));
  const replicas = await phases.measure("plan", () => replicasAmong(ports.source, snapshotted, signal));
  const topIsReplica = replicas.includes(input.sourceTop);
  const parts: NonNullable<PlanInput["replicas"]> = topIsReplica
    ? new Map()
    : withinReplicas(snapshotted.map(({ name }) => name), replicas);
  const planWith = async (tree: Tree) => {
    const seen = allSeen(ports.knownSnapshots?.knownSnapshots(targetKey(poolGuid, input.targetTop)));
    const planInput = { ...await planInputOf(input, ports, source, sourceTree, tree, willSnapshot, parts), seen };
    return { planInput, plan: planTree(planInput), targetTree: tree };
  };
  let planned = await phases.measure("plan", () => planWith(cachedTree));
  if (cachedTree.cached.size > 0 && !mayTrustCache(planned.plan)) {
    const listed = await listTarget(cache && new Map());
    planned = await phases.measure("plan", () => planWith(listed));
  }
  const { planInput, plan, targetTree } = planned;
  return await phases.measure("plan", async () => {
    const estimateBytes = estimatePlan(plan, planInput, input.properties.take.includes("refreservation"));
    const allowed = await permissionFindings([
      { side: "source", host: ports.source, facts: source, tree: sourceTree },
      { side: "target", host: ports.target, facts: target, tree: targetTree },
    ], signal);
    const way = willSnapshot === undefined
      ? []
      : checkSnapshotMethod(snapshotInputs(planInput, willSnapshot, ports.source, source), source.label);
    const trees = checkTrees({
      sourceLabel: source.label,
      targetLabel: target.label,
      plan,
      input: planInput,
      source: sourceTree,
      target: targetTree,
      willSnapshot,
      topIsReplica,
      estimateBytes,
      ignoreSpace: input.ignoreSpace,
      formatBytes: ports.formatBytes,
      job: ports.job,
    });
    return {
      source,
      target,
      sourceTree,
      targetTree,
      targetPoolGuid: poolGuid,
      planInput,
      plan,
      findings: [...findings, ...allowed, ...way, ...trees],
      estimateBytes,
    };
  });
}

async function probeBoth(
  input: ReplicateInput,
  ports: ReplicatePorts,
): Promise<{ source: HostInfo; target: HostInfo; findings: Finding[] }> {
  const wantMbuffer = input.mbuffer !== undefined;
  const probe = (host: Host, top: DatasetName, mbuffer: boolean) =>
    probeHost(host, poolOf(top), ports.clock, mbuffer, ports.signal);
  // The sending side also needs it for a limit on bytes a second.
  const [source, target] = await Promise.all([
    probe(ports.source, input.sourceTop, wantMbuffer || input.bwlimit !== undefined),
    probe(ports.target, input.targetTop, wantMbuffer),
  ]);
  const findings = [
    ...checkHost("source", source),
    checkPool("source", source, poolOf(input.sourceTop)),
    ...checkHost("target", target),
    checkPool("target", target, poolOf(input.targetTop)),
    ...checkOverlap(source, target, input.sourceTop, input.targetTop),
    ...checkFeatures(source, target, poolOf(input.sourceTop), poolOf(input.targetTop)),
    ...[[ports.source, source] as const, [ports.target, target] as const].flatMap(([host, facts]) =>
      host.isLocal ? [] : [checkClock(facts)]
    ),
  ];
  return { source, target, findings };
}

function sourceMissing(top: DatasetName, facts: HostInfo): Fault {
  return new Fault({
    errorClass: "source-missing",
    what: `there is no dataset ${top}`,
    where: facts.label,
    next: "see what is there: zfs list -o name",
    exit: exitStatus.refused,
  });
}
