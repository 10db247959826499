/**
 * Sends until everything that was planned has arrived: carry out the steps, ask the target what it has, and where
 * something is missing for a passing reason, look again, plan again, and go on.
 *
 * @module
 */

import { createParent, promote, renameDataset, rollback } from "../../zfs/change.ts";
import { type DatasetName, isWithin } from "../../zfs/names.ts";
import { discardPartial } from "../../zfs/receive.ts";
import { fullName } from "../../zfs/version.ts";
import { exitStatus, Fault, type FaultParts } from "../fault.ts";
import { againOf } from "../plan/again.ts";
import { placeAfter } from "../plan/follow_renames.ts";
import { mayHoldChildren } from "../plan/follow_renames.ts";
import { arrivalName, arrivals } from "../plan/gather_packages.ts";
import { type PlanInput, planTree } from "../plan/plan_tree.ts";
import {
  isStream,
  type PackageMember,
  type RenameStep,
  type Step,
  type StreamStep,
  type TreePlan,
} from "../plan/step.ts";
import { namedSnapshots } from "./arrival.ts";
import { tell } from "./ask.ts";
import type { ReplicatePorts } from "./input.ts";
import { NewFilesystems } from "./keep_unmounted.ts";
import { lookAgain } from "./look_again.ts";
import { noteConflicts } from "./note_conflicts.ts";
import type { Phases } from "./phases.ts";
import { holdAll, type ProtectContext, releaseAll } from "./protect.ts";
import { proveAgain } from "./prove_again.ts";
import { retryPauseMs, RetryWindow, tooLate } from "./retry_window.ts";
import type { StallWatch } from "./stall_watch.ts";
import { Tally } from "./tally.ts";
import { transfer, type TransferContext } from "./transfer.ts";

/** What the rounds work with. */
export interface RoundsContext {
  readonly ports: ReplicatePorts;
  readonly phases: Phases;
  readonly transfer: TransferContext;
  readonly protect: ProtectContext;
  readonly retries: number;
  readonly stall: StallWatch;
  /** Whether the first plan was made from what is remembered of the target. */
  readonly fromMemory: boolean;
}

/** The same within the time that retries have. */
interface Rounds extends RoundsContext {
  readonly window: RetryWindow;
}

/** Sends everything of a plan; the tally tells what became of each dataset. */
export async function sendAll(first: PlanInput, plan: TreePlan, given: RoundsContext): Promise<Tally> {
  const window = new RetryWindow(given.ports.monotonic);
  const context = within(window, given);
  const { ports, phases } = context;
  const tally = new Tally(plan);
  const made = new NewFilesystems(ports);
  let input = first;
  let current = plan;
  let idle = 0;
  let cameApart = false;
  while (true) {
    const streams = current.steps.filter(isStream);
    await phases.measure("send", () => carryOut(current.steps, input, context, tally, made));
    if (ports.signal.aborted) break;
    const before = tally.arrivedCount;
    if (tally.open().some(({ fault }) => fault)) window.begin();
    await phases.measure("verify", () => verify(streams, context, tally));
    // After the first round the target is listed anew.
    if (context.fromMemory && current === plan) tally.doubtMemory();
    const open = tally.open();
    if (open.length === 0 || ports.signal.aborted) break;
    const again = open.filter((entry) => entry.fault?.temporary === true || entry.inPackage);
    // A package that failed comes apart once: that its siblings may proceed is no second try of theirs.
    const apart: boolean = !cameApart && open.some((entry) => entry.inPackage);
    cameApart ||= apart;
    if (again.length === 0 || (context.retries === 0 && !apart)) break;
    idle = tally.progressed(before) || apart ? 0 : idle + 1;
    if (idle === 0) window.progress();
    window.begin();
    const pauseMs = retryPauseMs(idle, ports.random(), window.leftMs);
    if (idle > context.retries || pauseMs === undefined) break;
    const datasets = again.length === 1 ? again[0]?.target : `${again.length} datasets`;
    ports.listener({
      kind: "note",
      level: "warning",
      text: `${datasets} did not arrive (${again[0]?.fault?.why ?? "for an unknown reason"}); ` +
        `trying again in ${Math.round(pauseMs / 1000)} s`,
    });
    await ports.sleep(pauseMs);
    if (ports.signal.aborted) break;
    try {
      input = await lookAgain(input, context, tally);
      if (made.isOpen) await phases.measure("send", () => made.keepCut(input.target));
      const again = planTree(input);
      current = forOpen(again, tally);
      noteConflicts(again, tally, ports);
      if (current.steps.length === 0 && tally.open().length === 0) break;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // A look that was ended with the window says nothing of the host.
      tally.failOpen(window.isOver ? tooLate : error.parts);
      // The link may still be down: the next look is the next try, nothing is sent before it succeeds.
      current = { ...current, steps: [] };
    }
  }
  window.end();
  if (made.isOpen && !ports.signal.aborted) await phases.measure("send", () => made.keepCut());
  tally.failLeftClones();
  const done = tally.held.filter((snapshot) => tally.isArrived(snapshot.dataset));
  if (done.length > 0 && !ports.signal.aborted) await releaseAll(done.map(fullName), context.protect);
  return tally;
}

/** The same context, with hosts on which no question or change outlasts the retrying. Streams keep the hosts themselves. */
function within(window: RetryWindow, context: RoundsContext): Rounds {
  const [source, target] = [window.bound(context.ports.source), window.bound(context.ports.target)];
  return {
    ...context,
    window,
    ports: { ...context.ports, source, target },
    protect: { ...context.protect, source },
  };
}

/** Only the steps of datasets that are still open and may be tried again: what has arrived is left as it is. */
function forOpen(plan: TreePlan, tally: Tally): TreePlan {
  tally.replan(plan);
  return { ...plan, steps: againOf(plan, (dataset) => tally.mayRetry(dataset)) };
}

async function carryOut(
  steps: readonly Step[],
  input: PlanInput,
  context: Rounds,
  tally: Tally,
  made: NewFilesystems,
): Promise<void> {
  const { ports, window } = context;
  const streams = steps.filter(isStream);
  const held = streams.flatMap((step) => arrivals(step).map(({ to }) => to));
  if (!window.allowsStep) return tally.failOpen(tooLate);
  await holdAll(held, context.protect);
  tally.hold(held);
  if (!window.hasBegun) window.progress();
  const failed = new Set<string>();
  const lost: DatasetName[] = [];
  // ZFS receives also below the half of a first copy; then that could neither be gone on with nor be discarded.
  const halves = input.target.filter((dataset) =>
    dataset.type === "filesystem" && !mayHoldChildren(dataset) && !streams.some(({ target }) => target === dataset.name)
  ).map(({ name }) => name);
  /** Names of which a rename failed, both the old and the new: by them nobody can tell what is there. */
  const unsettled = new Map<DatasetName, FaultParts>();
  const leaveUnsettled = (step: RenameStep, fault: FaultParts): void => {
    const members = membersOf(step, tally).filter((target) => !failed.has(target));
    tally.misplace(members, fault);
    for (const target of members) failed.add(target);
    for (const name of [step.target, step.as]) unsettled.set(name, fault);
  };
  for (const [i, step] of steps.entries()) {
    if (ports.signal.aborted) break;
    if (!window.allowsStep) {
      tally.failOpen(tooLate);
      break;
    }
    // The step before it on the same dataset failed: its own fault tells why.
    if (step.kind !== "rename" && failed.has(step.target)) continue;
    const place = step.kind === "rename" ? step.as : step.target;
    const parent = lost.find((target) => isWithin(place, target)) ??
      halves.find((target) => target !== place && isWithin(place, target));
    if (parent !== undefined) {
      const fault = parentLost(place, parent);
      if (step.kind === "rename") leaveUnsettled(step, fault);
      else tally.fail(membersOf(step, tally), fault);
      continue;
    }
    const barrier = step.kind === "rename" &&
      [...unsettled].find(([name]) => isWithin(step.target, name) || isWithin(step.as, name));
    if (barrier) {
      leaveUnsettled(step, barrier[1]);
      continue;
    }
    // The receiver of a package would rename by itself what is unsettled below it, also what the package leaves out.
    const missing = step.kind === "package"
      ? step.members.find(({ target }) => failed.has(target))?.target ??
        [...unsettled.keys()].find((name) => isWithin(name, step.target))
      : undefined;
    if (missing !== undefined) {
      // It needs what did not arrive; next time each of the others travels alone.
      const others = membersOf(step, tally).filter((target) => !failed.has(target));
      tally.fail(others, withoutMember(step.target, missing), true);
      continue;
    }
    ports.listener({ kind: "step-begin", step, number: i + 1, of: steps.length });
    const begin = ports.monotonic();
    if (step.kind === "promote") { for (const target of membersOf(step, tally, steps)) tally.rearranged(target); }
    else if (!isStream(step)) tally.rearranged(step.kind === "rename" ? step.as : step.target);
    const { bytes, fault, linkLost } = await carry(step, input, context, tally);
    if (isStream(step)) made.sent(step, fault === undefined);
    // While nothing is tried again, every step that was done is news; afterwards the same ones are done again and again.
    const isNews = fault === undefined && (isStream(step) || !window.hasBegun);
    if (isNews || tally.gotFurther) window.progress();
    ports.listener({ kind: "step-end", step, ok: !fault, bytes, elapsedMs: ports.monotonic() - begin });
    if (fault === undefined) {
      if (step.kind === "rename") tally.settle(membersOf(step, tally).filter((target) => !failed.has(target)));
      if (step.kind === "promote") tally.promotions.made(step);
      continue;
    }
    if (step.kind === "promote") {
      // The plan took both for what they are after it; the next one leaves them as they are, unless it may be tried again.
      const members = membersOf(step, tally, steps);
      tally.leaveClone(step.target, members, fault);
      for (const target of members) failed.add(target);
      for (const name of [...members, step.target, step.from]) unsettled.set(name, fault);
      continue;
    }
    if (step.kind === "rename") {
      leaveUnsettled(step, fault);
      continue;
    }
    failed.add(step.target);
    // Of a lost link no member is guilty: together they go on.
    tally.fail(membersOf(step, tally), fault, step.kind === "package" && !linkLost);
    // Siblings go on; what lies below a dataset that is not there cannot, nor below an empty one that is received over: that
    // must still be empty at the next try.
    if (!input.target.some(({ name, snapshots }) => name === step.target && snapshots.length > 0)) {
      lost.push(step.target);
    }
  }
  if (streams.length > 0 && !ports.signal.aborted) await made.keep();
}

/** The datasets of the target that do not get what they need when a step fails. */
function membersOf(step: Step, tally: Tally, steps: readonly Step[] = []): readonly DatasetName[] {
  if (step.kind === "package") return step.members.map(({ target }) => target);
  if (step.kind === "promote") return [step.target, step.from].map((name) => placeAfter(name, steps));
  if (step.kind !== "rename") return [step.target];
  return tally.accounts.map(({ target }) => target).filter((target) =>
    isWithin(target, step.as) || isWithin(target, step.target)
  );
}

function parentLost(target: DatasetName, lost: DatasetName): FaultParts {
  return {
    errorClass: "parent-missing",
    what: `cannot send to ${target}`,
    why: `its parent ${lost} did not arrive`,
    next: "mend the parent; its children follow in the same run",
    temporary: true,
    exit: exitStatus.failed,
  };
}

function withoutMember(target: DatasetName, missing: DatasetName): FaultParts {
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

async function carry(step: Step, input: PlanInput, context: RoundsContext, tally: Tally): Promise<StepOutcome> {
  const doubt = await proveAgain(step, context.ports);
  if (doubt) return { bytes: 0n, fault: doubt };
  return isStream(step) ? await stream(step, input, context, tally) : await change(step, context);
}

async function stream(
  step: StreamStep,
  input: PlanInput,
  context: RoundsContext,
  tally: Tally,
): Promise<StepOutcome> {
  const limitMs = context.stall.limitMs(step, input);
  const result = await transfer(step, context.transfer, limitMs);
  context.stall.note(result, limitMs);
  tally.sent(step, result);
  const { bytes, fault, linkLost = false } = result;
  return { bytes, linkLost, ...(fault ? { fault } : {}) };
}

async function change(step: Exclude<Step, StreamStep>, context: RoundsContext): Promise<StepOutcome> {
  const { target, signal } = context.ports;
  const [argv, what] = ((): readonly [string[], string] => {
    switch (step.kind) {
      case "create-parent":
        return [createParent(step.target), `cannot make ${step.target}`];
      case "discard-partial":
        return [discardPartial(step.target), `cannot discard what a cut transfer left in ${step.target}`];
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
    await tell(target, argv, what, { signal, timeoutMs: 10 * 60_000 });
    return { bytes: 0n };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { bytes: 0n, fault: error.parts };
  }
}

/** Success is the GUID at the expected name, whatever the programs said. */
async function verify(streams: readonly StreamStep[], context: Rounds, tally: Tally): Promise<void> {
  const members = new Map<string, PackageMember>();
  for (const step of streams) for (const member of arrivals(step)) members.set(arrivalName(member), member);
  if (members.size === 0) return;
  try {
    const found = await namedSnapshots(context.ports.target, [...members.keys()], context.ports.signal);
    for (const [name, member] of members) {
      const snapshot = found.get(name);
      if (snapshot?.guid === member.to.guid) tally.arrive(member, snapshot);
      else tally.notArrived(member);
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    tally.failOpen(context.window.isOver ? tooLate : error.parts);
  }
}
