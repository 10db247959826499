/**
 * The main job: look, decide, snapshot, send, verify, protect, prune. Everything it does goes through ports; everything it
 * decides is decided by pure functions.
 *
 * @module
 */

import { targetKey } from "../../zfs/names/bzman_names.ts";
import { lockTree } from "../../zfs/names/lock_tree.ts";
import type { Guid } from "../../zfs/names/names.ts";
import { exitStatus, Fault, type FaultParts } from "../fault.ts";
import { listTree } from "../inspect/list_tree.ts";
import { decodeTokens } from "../inspect/resume_tokens.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import { planTree } from "../plan/plan_tree.ts";
import type { TreePlan } from "../plan/step.ts";
import { refusal } from "../preflight/refusal.ts";
import { cleanBookmarks, type ProtectContext } from "../protect/holds_and_bookmarks.ts";
import { protectReceived } from "../protect/protect_received.ts";
import { pruneAfterRun, type PruneReport } from "../retention/prune_after_run.ts";
import type { LockResult, ReplicateInput, ReplicatePorts } from "../run/input.ts";
import { listPhase, type Phases } from "../run/phases.ts";
import type { Prepared } from "../run/prepared.ts";
import { RunState } from "../run/run_state.ts";
import { leftAutoMounting, preventAutoMount } from "./keep_unmounted.ts";
import { makeSnapshot, plannedSnapshot } from "./make_snapshot.ts";
import { prepare } from "./prepare.ts";
import { recordConflicts } from "./record_conflicts.ts";
import { runSendLoop } from "./send_loop.ts";
import { StallWatch } from "./stall_watch.ts";
import { updateListingCache } from "./update_listing_cache.ts";

/** How a replication ended. */
export interface Replicated {
  readonly prepared: Prepared;
  readonly plan: TreePlan;
  readonly state: RunState;
  readonly pruned: PruneReport | undefined;
  /** What failed besides datasets: protecting, pruning. */
  readonly faults: readonly FaultParts[];
  /** The part behind `@` of the snapshot that was made, or `undefined` with `--no-snapshot`. */
  readonly snapshot: string | undefined;
}

/**
 * Replicates.
 *
 * @throws {Fault} When the run is refused (exit status 3), finds the lock held (4), or fails before anything is sent.
 */
export async function replicate(input: ReplicateInput, ports: ReplicatePorts, phases: Phases): Promise<Replicated> {
  let lock: LockResult | undefined;
  try {
    const prepared = await prepare(input, ports, phases, plannedSnapshot(input, ports), async (poolGuid) => {
      lock = await takeLock(poolGuid, input, ports);
    });
    refuseIfNeeded(prepared, input);
    for (const { check, verdict, where, text } of prepared.findings) {
      if (check === "room" && verdict === "warning") {
        ports.listener({ kind: "note", level: "warning", text: `${where}: ${text}` });
      }
    }
    return await replicatePrepared(input, ports, phases, prepared, lock?.kind === "taken" && lock.forAllUsers);
  } finally {
    if (lock?.kind === "taken") await lock.release();
  }
}

async function takeLock(poolGuid: Guid, input: ReplicateInput, ports: ReplicatePorts): Promise<LockResult> {
  const lock = await ports.lock(lockTree(poolGuid, input.targetTop));
  if (lock.kind === "taken") return lock;
  throw new Fault({
    errorClass: "locked",
    what: `another run replicates to ${input.targetTop}, or to a dataset above or below it`,
    where: ports.target.label,
    why: lock.by,
    next: "nothing: the other run continues",
    exit: exitStatus.locked,
  });
}

/** Refuses what must not be begun: a critical check, or a conflict at the top or everywhere. */
export function refuseIfNeeded(prepared: Prepared, input: ReplicateInput): void {
  const blocking = prepared.findings.filter(({ verdict, check }) => verdict === "critical" && check !== "dataset");
  if (blocking.length > 0) throw refusal(blocking);
  const conflicts = prepared.plan.datasets.filter(({ plan }) => plan.kind === "conflict");
  const top = conflicts.some(({ dataset }) => dataset === input.sourceTop);
  if (!top && conflicts.length < prepared.plan.datasets.length) return;
  const critical = prepared.findings.filter(({ verdict }) => verdict === "critical");
  throw refusal(critical);
}

async function replicatePrepared(
  input: ReplicateInput,
  ports: ReplicatePorts,
  phases: Phases,
  prepared: Prepared,
  isAlone: boolean,
): Promise<Replicated> {
  const key = targetKey(prepared.targetPoolGuid, input.targetTop);
  // Receivers of earlier runs are found by the mark, and ended. Without proof that those runs are gone this one has a mark of its own.
  const unproven = `-${ports.clock().toString(36)}-${Math.floor(ports.random() * 2 ** 48).toString(36)}`;
  const mark = `${ports.machineId}-${key}${isAlone ? "" : unproven}`;
  const current = await endStaleAndRelist(prepared.planInput, mark, ports, phases);
  const { planInput, name: snapshot } = input.snapshot
    ? await phases.measure("snapshot", () => makeSnapshot(current, input, ports, prepared.source))
    : { planInput: current, name: undefined };
  const plan = await phases.measure("plan", () => Promise.resolve(planTree(planInput)));
  const protect: ProtectContext = {
    source: ports.source,
    isRoot: prepared.source.isRoot,
    key,
    signal: ports.signal,
    listener: ports.listener,
  };
  const autoMounting = leftAutoMounting(plan, planInput, key);
  if (autoMounting.length > 0) await phases.measure("send", () => preventAutoMount(autoMounting, ports));
  const silence = ports.silences?.silence(key);
  const stall = new StallWatch(input.stallMs, silence);
  const state = plan.steps.length > 0
    ? await runSendLoop(planInput, plan, {
      ports,
      phases,
      protect,
      retries: input.retries,
      stall,
      fromCache: prepared.targetTree.cached.size > 0 && planInput.target === prepared.planInput.target,
      transfer: {
        source: ports.source,
        target: ports.target,
        pipeline: ports.pipeline,
        clock: ports.monotonic,
        signal: ports.signal,
        listener: ports.listener,
        mbuffer: input.mbuffer,
        bwlimit: input.bwlimit,
        properties: input.properties,
        mark,
      },
    })
    : new RunState(plan);
  const heard = stall.known(ports.clock());
  if (heard !== silence) ports.silences?.noteSilence(key, heard);
  const arrivedAt = ports.monotonic();
  recordConflicts(plan, state, ports);
  if (ports.signal.aborted) return { prepared, plan, state, pruned: undefined, faults: [], snapshot };
  const faults: FaultParts[] = [];
  const { isRoot } = prepared.target;
  const { failures, bookmarked, waiting } = await phases.measure(
    "verify",
    () => protectReceived({ input, ports, planInput, plan, runState: state, isRoot, protect }),
  );
  if (failures.length > 0) {
    faults.push(postTransferFault("protect-failed", "the common snapshots have no bookmark", failures, ports));
  }
  const pruned = await phases.measure(
    "prune",
    () => pruneAfterRun({ input, ports, prepared, planInput, state, waiting, key }),
  );
  // One waits for the source's pool, the other for the target.
  await phases.measure("prune", () =>
    Promise.all([
      cleanBookmarks(bookmarked, protect),
      updateListingCache({ ports, prepared, planInput, runState: state, pruned, key, arrivedAt }),
    ]));
  if (pruned.failures.length > 0) {
    faults.push(postTransferFault("prune-failed", "cannot prune", pruned.failures, ports));
  }
  return { prepared, plan, state, pruned, faults, snapshot };
}

/**
 * Ends receivers of an earlier run that still live behind a dead link. What they save as they end makes their tokens old, so the
 * target is listed again.
 */
async function endStaleAndRelist(
  input: PlanInput,
  mark: string,
  ports: ReplicatePorts,
  phases: Phases,
): Promise<PlanInput> {
  if (!input.target.some((dataset) => dataset.resumeToken !== undefined)) return input;
  if (await ports.endStaleReceivers(ports.target, mark) === 0) return input;
  ports.listener({ kind: "note", level: "info", text: "ended stale receivers of an earlier run on the target" });
  return await phases.measure(listPhase(ports.target), async () => {
    const tree = await listTree(ports.target, input.targetTop, { ancestors: true, signal: ports.signal });
    const tokens = await decodeTokens(ports.source, tree.datasets, ports.signal);
    return { ...input, target: tree.datasets, targetAncestors: tree.ancestors, tokens };
  });
}

/** What failed after the data had arrived: the copy is good, and yet somebody must know. */
function postTransferFault(
  errorClass: string,
  what: string,
  failures: readonly string[],
  ports: ReplicatePorts,
): FaultParts {
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
  return {
    errorClass,
    what,
    where: ports.source.label,
    why: `${failures[0]}${more}`,
    next: "the copy itself is good; fix the cause, and the next run makes up for it",
    stderrTail: failures.join("\n").slice(0, 8192),
    temporary: false,
    exit: exitStatus.failed,
  };
}
