/**
 * Carries out the steps of a plan, one after another; what a failure bars is left out, its siblings go on.
 *
 * @module
 */

import { createParent, promote, renameDataset, rollback } from "../../zfs/arguments/change.ts";
import { discardPartial } from "../../zfs/arguments/receive.ts";
import { type DatasetName, isWithin } from "../../zfs/names/names.ts";
import { fullName } from "../../zfs/names/version.ts";
import { exitStatus, Fault, type FaultParts } from "../fault.ts";
import { run } from "../inspect/query.ts";
import { mayHoldChildren, placeAfter } from "../plan/follow/rename_planner.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import { isStream, type RenameStep, type Step, streamMembers, type StreamStep } from "../plan/step.ts";
import { holdAll, type ProtectContext } from "../protect/holds_and_bookmarks.ts";
import type { ReplicatePorts } from "../run/input.ts";
import type { Phases } from "../run/phases.ts";
import { type RetryWindow, tooLate } from "../run/retry_window.ts";
import type { RunState } from "../run/run_state.ts";
import type { NewFilesystems } from "./keep_unmounted.ts";
import { recheck } from "./recheck.ts";
import type { StallWatch } from "./stall_watch.ts";
import { transfer, type TransferContext } from "./transfer.ts";

/** What the rounds work with. */
export interface SendLoopContext {
  readonly ports: ReplicatePorts;
  readonly phases: Phases;
  readonly transfer: TransferContext;
  readonly protect: ProtectContext;
  readonly retries: number;
  readonly stall: StallWatch;
  /** Whether the first plan was made from what is remembered of the target. */
  readonly fromCache: boolean;
}

/** The same within the time that retries have. */
export interface TimedSendLoopContext extends SendLoopContext {
  readonly window: RetryWindow;
}

export async function carryOutSteps(
  steps: readonly Step[],
  input: PlanInput,
  context: TimedSendLoopContext,
  state: RunState,
  newFilesystems: NewFilesystems,
): Promise<void> {
  const { ports, window } = context;
  const streams = steps.filter(isStream);
  const held = streams.flatMap((step) => streamMembers(step).map(({ to }) => to));
  if (!window.allowsStep) return state.failOpen(tooLate);
  await holdAll(held, context.protect);
  state.hold(held);
  if (!window.hasBegun) window.progress();
  const failed = new Set<string>();
  const missingParents: DatasetName[] = [];
  // ZFS receives also below the half of a first copy; then that could neither be gone on with nor be discarded.
  const halves = input.target.filter((dataset) =>
    dataset.type === "filesystem" && !mayHoldChildren(dataset) && !streams.some(({ target }) => target === dataset.name)
  ).map(({ name }) => name);
  /** Names of which a rename failed, both the old and the new: by them nobody can tell what is there. */
  const pendingRenames = new Map<DatasetName, FaultParts>();
  const deferRename = (step: RenameStep, fault: FaultParts): void => {
    const members = targetsOf(step, state).filter((target) => !failed.has(target));
    state.markRenamePending(members, fault);
    for (const target of members) failed.add(target);
    for (const name of [step.target, step.as]) pendingRenames.set(name, fault);
  };
  for (const [i, step] of steps.entries()) {
    if (ports.signal.aborted) break;
    if (!window.allowsStep) {
      state.failOpen(tooLate);
      break;
    }
    // The step before it on the same dataset failed: its own fault tells why.
    if (step.kind !== "rename" && failed.has(step.target)) continue;
    const place = step.kind === "rename" ? step.as : step.target;
    const parent = missingParents.find((target) => isWithin(place, target)) ??
      halves.find((target) => target !== place && isWithin(place, target));
    if (parent !== undefined) {
      const fault = parentMissing(place, parent);
      if (step.kind === "rename") deferRename(step, fault);
      else state.fail(targetsOf(step, state), fault);
      continue;
    }
    const barrier = step.kind === "rename" &&
      [...pendingRenames].find(([name]) => isWithin(step.target, name) || isWithin(step.as, name));
    if (barrier) {
      deferRename(step, barrier[1]);
      continue;
    }
    // The receiver of a package would rename by itself what is unsettled below it, also what the package leaves out.
    const missing = step.kind === "package"
      ? step.members.find(({ target }) => failed.has(target))?.target ??
        [...pendingRenames.keys()].find((name) => isWithin(name, step.target))
      : undefined;
    if (missing !== undefined) {
      // It needs what did not arrive; next time each of the others travels alone.
      const others = targetsOf(step, state).filter((target) => !failed.has(target));
      state.fail(others, packageIncomplete(step.target, missing), true);
      continue;
    }
    ports.listener({ kind: "step-begin", step, number: i + 1, of: steps.length });
    const begin = ports.monotonic();
    if (step.kind === "promote") { for (const target of targetsOf(step, state, steps)) state.markRestructured(target); }
    else if (!isStream(step)) state.markRestructured(step.kind === "rename" ? step.as : step.target);
    const { bytes, fault, linkLost } = await carryOutStep(step, input, context, state);
    if (isStream(step)) newFilesystems.noteStream(step, fault === undefined);
    // While nothing is tried again, every step that was done is news; afterwards the same ones are done again and again.
    const isNews = fault === undefined && (isStream(step) || !window.hasBegun);
    if (isNews || state.gotFurther) window.progress();
    ports.listener({ kind: "step-end", step, ok: !fault, bytes, elapsedMs: ports.monotonic() - begin });
    if (fault === undefined) {
      if (step.kind === "rename") state.markRenamed(targetsOf(step, state).filter((target) => !failed.has(target)));
      if (step.kind === "promote") state.promotions.made(step);
      continue;
    }
    if (step.kind === "promote") {
      // The plan took both for what they are after it; the next one leaves them as they are, unless it may be tried again.
      const members = targetsOf(step, state, steps);
      state.leaveClone(step.target, members, fault);
      for (const target of members) failed.add(target);
      for (const name of [...members, step.target, step.from]) pendingRenames.set(name, fault);
      continue;
    }
    if (step.kind === "rename") {
      deferRename(step, fault);
      continue;
    }
    failed.add(step.target);
    // Of a lost link no member is guilty: together they go on.
    state.fail(targetsOf(step, state), fault, step.kind === "package" && !linkLost);
    // Siblings go on; what lies below a dataset that is not there cannot, nor below an empty one that is received over: that
    // must still be empty at the next try.
    if (!input.target.some(({ name, snapshots }) => name === step.target && snapshots.length > 0)) {
      missingParents.push(step.target);
    }
  }
  if (streams.length > 0 && !ports.signal.aborted) await newFilesystems.secure();
}

/** The datasets of the target that do not get what they need when a step fails. */
function targetsOf(step: Step, state: RunState, steps: readonly Step[] = []): readonly DatasetName[] {
  if (step.kind === "package") return step.members.map(({ target }) => target);
  if (step.kind === "promote") return [step.target, step.from].map((name) => placeAfter(name, steps));
  if (step.kind !== "rename") return [step.target];
  return state.datasets.map(({ target }) => target).filter((target) =>
    isWithin(target, step.as) || isWithin(target, step.target)
  );
}

function parentMissing(target: DatasetName, missingParents: DatasetName): FaultParts {
  return {
    errorClass: "parent-missing",
    what: `cannot send to ${target}`,
    why: `its parent ${missingParents} did not arrive`,
    next: "fix the parent; its children follow in the same run",
    temporary: true,
    exit: exitStatus.failed,
  };
}

function packageIncomplete(target: DatasetName, missing: DatasetName): FaultParts {
  return {
    errorClass: "package-incomplete",
    what: `cannot send to ${target}`,
    why: `${missing}, which belongs to the same stream, did not arrive`,
    next: "run the same command again",
    temporary: true,
    exit: exitStatus.failed,
  };
}

interface StepOutcome {
  readonly bytes: bigint;
  readonly fault?: FaultParts;
  readonly linkLost?: boolean;
}

async function carryOutStep(
  step: Step,
  input: PlanInput,
  context: SendLoopContext,
  state: RunState,
): Promise<StepOutcome> {
  const objection = await recheck(step, context.ports);
  if (objection) return { bytes: 0n, fault: objection };
  return isStream(step) ? await sendStream(step, input, context, state) : await changeTarget(step, context);
}

async function sendStream(
  step: StreamStep,
  input: PlanInput,
  context: SendLoopContext,
  state: RunState,
): Promise<StepOutcome> {
  const limitMs = context.stall.limitMs(step, input);
  const result = await transfer(step, context.transfer, limitMs);
  context.stall.note(result, limitMs);
  state.sent(step, result);
  const { bytes, fault, linkLost = false } = result;
  return { bytes, linkLost, ...(fault ? { fault } : {}) };
}

async function changeTarget(step: Exclude<Step, StreamStep>, context: SendLoopContext): Promise<StepOutcome> {
  const { target, signal } = context.ports;
  const [argv, what] = ((): readonly [string[], string] => {
    switch (step.kind) {
      case "create-parent":
        return [createParent(step.target), `cannot make ${step.target}`];
      case "discard-partial":
        return [discardPartial(step.target), `cannot discard the partial receive state of ${step.target}`];
      case "rollback":
        return [rollback(fullName({ ...step.to, dataset: step.target })), `cannot roll ${step.target} back`];
      case "promote":
        return [promote(step.target), `cannot promote ${step.target}, a clone of ${step.from}`];
      case "set-aside":
      case "rename":
        return [renameDataset(step.target, step.as, step.type), `cannot rename ${step.target} to ${step.as}`];
    }
  })();
  try {
    await run(target, argv, what, { signal, timeoutMs: 10 * 60_000 });
    return { bytes: 0n };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { bytes: 0n, fault: error.parts };
  }
}
