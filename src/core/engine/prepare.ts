/**
 * Everything that is known and decided before anything is touched: both hosts, both trees, the plan, the verdicts.
 * `preflight`, a dry run and a real run all begin with the very same preparation.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import { proveEmpty, syncPool } from "../../zfs/emptiness.ts";
import { type DatasetName, type Guid, moveName, poolOf } from "../../zfs/names.ts";
import { targetKey } from "../../zfs/own_names.ts";
import { isAtLeast } from "../../zfs/pool.ts";
import { classifyError } from "../../zfs/faults.ts";
import { decodeToken } from "../../zfs/resume_token.ts";
import { exitStatus, Fault } from "../fault.ts";
import type { Finding } from "../finding.ts";
import { type PlanInput, planTree } from "../plan/plan_tree.ts";
import { checkSnapshotWay } from "../plan/snapshot_way.ts";
import type { TokenState } from "../plan/plan_dataset.ts";
import type { TreePlan } from "../plan/step.ts";
import { checkClock, checkFeatures, checkHost, checkPool } from "../preflight/host_checks.ts";
import { checkOverlap } from "../preflight/overlap_checks.ts";
import { checkTrees } from "../preflight/tree_checks.ts";
import type { Host } from "../ports.ts";
import { allowFindings } from "./allowances.ts";
import { firstLines, outcomeFault } from "./ask.ts";
import { estimatePlan } from "./estimate.ts";
import { harmlessWrites } from "./harmless.ts";
import type { ReplicateInput, ReplicatePorts } from "./input.ts";
import { listTree, type Tree } from "./list_tree.ts";
import { listPhase, type Phases } from "./phases.ts";
import { freeName, laterName, snapshotInputs } from "./make_snapshot.ts";
import { withPending, withPendingBase } from "./pending.ts";
import { replicasAmong, withinReplicas } from "./replica.ts";
import { mayTrustMemory, young } from "./remembered.ts";
import { allSeen } from "./seen.ts";
import { type HostFacts, surveyHost } from "./survey.ts";

/** What preparation found and decided. */
export interface Prepared {
  readonly source: HostFacts;
  readonly target: HostFacts;
  readonly sourceTree: Tree;
  readonly targetTree: Tree;
  readonly targetPoolGuid: Guid;
  /** The input of the plan; a later round changes the trees in it and plans again. */
  readonly planInput: PlanInput;
  readonly plan: TreePlan;
  readonly findings: readonly Finding[];
  readonly estimateBytes: bigint;
}

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
    const facts = await surveyBoth(input, ports);
    found.push(...facts.findings);
    const pool = facts.target.pools.find(({ name }) => name === poolOf(input.targetTop));
    if (pool === undefined || facts.findings.some(({ verdict }) => verdict === "critical")) {
      throw refusal(facts.findings);
    }
    await locked(pool.guid);
    return { ...facts, poolGuid: pool.guid };
  });
  const memory = ports.memory && isAtLeast(target.zfs.userland, 2, 2)
    ? young(ports.memory.recall(targetKey(poolGuid, input.targetTop)), ports.clock())
    : undefined;
  const listTarget = (known: typeof memory): Promise<Tree> => {
    const options = { ancestors: true, signal, ...(known ? { memory: known } : {}) };
    return phases.measure(listPhase(ports.target), () => listTree(ports.target, input.targetTop, options));
  };
  const [sourceTree, recalledTree] = await Promise.all([
    phases.measure(listPhase(ports.source), () => listTree(ports.source, input.sourceTop, { signal })),
    listTarget(memory),
  ]);
  if (sourceTree.datasets.length === 0) throw sourceMissing(input.sourceTop, source);
  const snapshotted = sourceTree.datasets.filter(({ name }) => willSnapshot !== undefined && !input.isExcluded(name));
  const replicas = await phases.measure("plan", () => replicasAmong(ports.source, snapshotted, signal));
  const topIsReplica = replicas.includes(input.sourceTop);
  const parts: NonNullable<PlanInput["replicas"]> = topIsReplica
    ? new Map()
    : withinReplicas(snapshotted.map(({ name }) => name), replicas);
  const look = async (tree: Tree) => {
    const seen = allSeen(ports.seen?.seen(targetKey(poolGuid, input.targetTop)));
    const planInput = { ...await planInputOf(input, ports, source, sourceTree, tree, willSnapshot, parts), seen };
    return { planInput, plan: planTree(planInput), targetTree: tree };
  };
  let looked = await phases.measure("plan", () => look(recalledTree));
  if (recalledTree.recalled.size > 0 && !mayTrustMemory(looked.plan)) {
    const listed = await listTarget(memory && new Map());
    looked = await phases.measure("plan", () => look(listed));
  }
  const { planInput, plan, targetTree } = looked;
  return await phases.measure("plan", async () => {
    const estimateBytes = estimatePlan(plan, planInput, input.properties.take.includes("refreservation"));
    const allowed = await allowFindings([
      { side: "source", host: ports.source, facts: source, tree: sourceTree },
      { side: "target", host: ports.target, facts: target, tree: targetTree },
    ], signal);
    const way = willSnapshot === undefined
      ? []
      : checkSnapshotWay(snapshotInputs(planInput, willSnapshot, ports.source, source), source.label);
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
      bytes: ports.showBytes,
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

async function surveyBoth(
  input: ReplicateInput,
  ports: ReplicatePorts,
): Promise<{ source: HostFacts; target: HostFacts; findings: Finding[] }> {
  const wantMbuffer = input.mbuffer !== undefined;
  const survey = (host: Host, top: DatasetName, mbuffer: boolean) =>
    surveyHost(host, poolOf(top), ports.clock, mbuffer, ports.signal);
  // The sending side also needs it for a limit on bytes a second.
  const [source, target] = await Promise.all([
    survey(ports.source, input.sourceTop, wantMbuffer || input.bwlimit !== undefined),
    survey(ports.target, input.targetTop, wantMbuffer),
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

async function planInputOf(
  input: ReplicateInput,
  ports: ReplicatePorts,
  source: HostFacts,
  sourceTree: Tree,
  targetTree: Tree,
  willSnapshot: string | undefined,
  replicas: NonNullable<PlanInput["replicas"]>,
): Promise<PlanInput> {
  const staysOut = ({ name }: Dataset): boolean => input.isExcluded(name) || replicas.has(name);
  const included = sourceTree.datasets.filter((dataset) => !staysOut(dataset));
  const targetEmpty = await provenEmpty(ports, included, targetTree, input);
  const isTaken = (name: string): boolean =>
    included.some(({ snapshots }) => snapshots.some((snapshot) => snapshot.name === name));
  // One second earlier than the snapshot of all: its name must differ.
  const base = willSnapshot !== undefined && targetEmpty.has(input.targetTop) && included.length > 1
    ? freeName(laterName(willSnapshot, input.prefix, -1), input.prefix, isTaken)
    : undefined;
  const name = willSnapshot && freeName(willSnapshot, input.prefix, (free) => free === base || isTaken(free));
  const pending = (dataset: Dataset, name: string): Dataset =>
    withPending(dataset.name === input.sourceTop && base ? withPendingBase(dataset, base) : dataset, name);
  return {
    raw: input.raw,
    onDivergence: input.onDivergence,
    onForeign: input.onForeign,
    holds: true,
    nowMs: ports.clock(),
    sourceTop: input.sourceTop,
    targetTop: input.targetTop,
    source: name === undefined ? included : included.map((dataset) => pending(dataset, name)),
    excluded: sourceTree.datasets.filter(staysOut),
    replicas,
    target: targetTree.datasets,
    targetAncestors: targetTree.ancestors,
    targetEmpty,
    targetHarmless: await harmlessWrites(ports.target, targetTree.datasets, knownGuids(included), ports.signal),
    tokens: await decodeTokens(ports.source, targetTree.datasets, ports.signal),
    canExclude: isAtLeast(source.zfs.userland, 2, 2),
    packages: true,
  };
}

function knownGuids(source: readonly Dataset[]): Set<string> {
  return new Set(source.flatMap(({ snapshots, bookmarks }) => [...snapshots, ...bookmarks].map(({ guid }) => guid)));
}

/** Decodes every resume token of the target on the source, which can tell whether its snapshots still exist. */
export async function decodeTokens(
  source: Host,
  target: readonly Dataset[],
  signal: AbortSignal,
): Promise<Map<string, TokenState>> {
  const states = new Map<string, TokenState>();
  const cut = target.filter((dataset) => dataset.resumeToken !== undefined);
  const commands = cut.flatMap((dataset) => {
    try {
      return [{ dataset, command: decodeToken(dataset.resumeToken ?? "") }];
    } catch {
      states.set(dataset.name, { kind: "invalid", why: "it is not of the form ZFS gives" });
      return [];
    }
  });
  if (commands.length === 0) return states;
  const outcomes = await source.runAll(commands.map(({ command }) => command.argv), { signal });
  for (const [i, { dataset, command }] of commands.entries()) {
    const outcome = outcomes[i];
    // Only a token that ZFS itself declares unusable is ever given up: what it stands for may be gigabytes.
    const unusable = outcome !== undefined && classifyError(outcome.stderr)?.name === "resume-token-invalid";
    if (outcome === undefined || outcome.connection || outcome.stopped || (outcome.status !== 0 && !unusable)) {
      throw new Fault(
        outcome
          ? outcomeFault(source, command.argv, outcome, "cannot decode a resume token")
          : { errorClass: "command-failed", what: "cannot decode a resume token", exit: exitStatus.failed },
      );
    }
    try {
      if (outcome.status !== 0) throw new SyntaxError(firstLines(outcome.stderr));
      states.set(dataset.name, { kind: "valid", token: command.parse(outcome.stdout + outcome.stderr) });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      states.set(dataset.name, { kind: "invalid", why: error.message });
    }
  }
  return states;
}

/** Those leaf filesystems of the target, without snapshots, that are proven to hold nothing. */
async function provenEmpty(
  ports: ReplicatePorts,
  source: readonly Dataset[],
  tree: Tree,
  input: ReplicateInput,
): Promise<Set<string>> {
  const wanted = new Set<string>(source.map(({ name }) => moveName(name, input.sourceTop, input.targetTop)));
  const candidates = tree.datasets.filter((dataset) =>
    wanted.has(dataset.name) && dataset.type === "filesystem" && dataset.snapshots.length === 0 &&
    !tree.datasets.some((other) => other.name.startsWith(`${dataset.name}/`))
  ).map(({ name }) => name);
  if (candidates.length === 0) return new Set();
  const outcomes = await ports.target.runAll(
    [syncPool(poolOf(input.targetTop)), ...candidates.map((name) => proveEmpty(name).argv)],
    { signal: ports.signal },
  );
  // Whatever cannot be proven is not empty; without the sync first the count may be old, so that proves nothing either.
  if (outcomes[0]?.status !== 0) return new Set();
  return new Set(candidates.filter((name: DatasetName, i) => {
    const outcome = outcomes[i + 1];
    return outcome?.status === 0 && proveEmpty(name).parse(outcome.stdout);
  }));
}

function sourceMissing(top: DatasetName, facts: HostFacts): Fault {
  return new Fault({
    errorClass: "source-missing",
    what: `there is no dataset ${top}`,
    where: facts.label,
    next: "see what is there: zfs list -o name",
    exit: exitStatus.refused,
  });
}

/** The refusal made of the critical findings: the first is explained, the others are counted. */
export function refusal(findings: readonly Finding[]): Fault {
  const critical = findings.filter(({ verdict }) => verdict === "critical");
  const first = critical[0];
  const more = critical.length > 1 ? ` (and ${critical.length - 1} more: bzman preflight shows all)` : "";
  return new Fault({
    errorClass: first?.check ?? "preflight",
    what: "refused, nothing was touched",
    ...(first ? { where: first.where, why: `${first.text}${more}` } : {}),
    ...(first?.next === undefined ? {} : { next: first.next }),
    exit: exitStatus.refused,
  });
}
