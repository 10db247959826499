/**
 * Sends until everything that was planned has arrived: carry out the steps, ask the target what it has, and where
 * something is missing for a passing reason, look again, plan again, and go on.
 *
 * @module
 */

import { fullName } from "../../zfs/names/version.ts";
import { Fault } from "../fault.ts";
import { findSnapshots } from "../inspect/named_snapshots.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import { planTree } from "../plan/plan_tree.ts";
import {
  isStream,
  type PackageMember,
  receivedName,
  streamMembers,
  type StreamStep,
  type TreePlan,
} from "../plan/step.ts";
import { stepsToRetry } from "../plan/steps_to_retry.ts";
import { releaseAll } from "../protect/holds_and_bookmarks.ts";
import { retryPauseMs, RetryWindow, tooLate } from "../run/retry_window.ts";
import { RunState } from "../run/run_state.ts";
import { carryOutSteps, type SendLoopContext, type TimedSendLoopContext } from "./carry_out_steps.ts";
import { NewFilesystems } from "./keep_unmounted.ts";
import { recordConflicts } from "./record_conflicts.ts";
import { relist } from "./relist.ts";

/** Sends everything of a plan; the tally tells what became of each dataset. */
export async function runSendLoop(first: PlanInput, plan: TreePlan, given: SendLoopContext): Promise<RunState> {
  const window = new RetryWindow(given.ports.monotonic);
  const context = within(window, given);
  const { ports, phases } = context;
  const state = new RunState(plan);
  const newFilesystems = new NewFilesystems(ports);
  let input = first;
  let current = plan;
  let idle = 0;
  let packageSplit = false;
  while (true) {
    const streams = current.steps.filter(isStream);
    await phases.measure("send", () => carryOutSteps(current.steps, input, context, state, newFilesystems));
    if (ports.signal.aborted) break;
    const before = state.receivedCount;
    if (state.open().some(({ fault }) => fault)) window.begin();
    await phases.measure("verify", () => verifyReceived(streams, context, state));
    // After the first round the target is listed anew.
    if (context.fromCache && current === plan) state.distrustCache();
    const open = state.open();
    if (open.length === 0 || ports.signal.aborted) break;
    const again = open.filter((entry) => entry.fault?.temporary === true || entry.failedInPackage);
    // A package that failed comes apart once: that its siblings may proceed is no second try of theirs.
    const splitNow: boolean = !packageSplit && open.some((entry) => entry.failedInPackage);
    packageSplit ||= splitNow;
    if (again.length === 0 || (context.retries === 0 && !splitNow)) break;
    idle = state.progressed(before) || splitNow ? 0 : idle + 1;
    if (idle === 0) window.progress();
    window.begin();
    const pauseMs = retryPauseMs(idle, ports.random(), window.leftMs);
    if (idle > context.retries || pauseMs === undefined) break;
    const datasets = again.length === 1 ? again[0]?.target : `${again.length} datasets`;
    ports.listener({
      kind: "note",
      level: "warning",
      text: `${datasets} did not arrive (${again[0]?.fault?.why ?? "for an unknown reason"}); ` +
        `retrying in ${Math.round(pauseMs / 1000)} s`,
    });
    await ports.sleep(pauseMs);
    if (ports.signal.aborted) break;
    try {
      input = await relist(input, context, state);
      if (newFilesystems.hasPending) await phases.measure("send", () => newFilesystems.secureFailed(input.target));
      const again = planTree(input);
      current = stepsForOpen(again, state);
      recordConflicts(again, state, ports);
      if (current.steps.length === 0 && state.open().length === 0) break;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // A look that was ended with the window says nothing of the host.
      state.failOpen(window.isOver ? tooLate : error.parts);
      // The link may still be down: the next look is the next try, nothing is sent before it succeeds.
      current = { ...current, steps: [] };
    }
  }
  window.end();
  if (newFilesystems.hasPending && !ports.signal.aborted) {
    await phases.measure("send", () => newFilesystems.secureFailed());
  }
  state.failLeftClones();
  const done = state.held.filter((snapshot) => state.isReceived(snapshot.dataset));
  if (done.length > 0 && !ports.signal.aborted) await releaseAll(done.map(fullName), context.protect);
  return state;
}

/** The same context, with hosts on which no question or change outlasts the retrying. Streams keep the hosts themselves. */
function within(window: RetryWindow, context: SendLoopContext): TimedSendLoopContext {
  const [source, target] = [window.bound(context.ports.source), window.bound(context.ports.target)];
  return {
    ...context,
    window,
    ports: { ...context.ports, source, target },
    protect: { ...context.protect, source },
  };
}

/** Only the steps of datasets that are still open and may be tried again: what has arrived is left as it is. */
function stepsForOpen(plan: TreePlan, state: RunState): TreePlan {
  state.replan(plan);
  return { ...plan, steps: stepsToRetry(plan, (dataset) => state.mayRetry(dataset)) };
}

/** Success is the GUID at the expected name, whatever the programs said. */
async function verifyReceived(
  streams: readonly StreamStep[],
  context: TimedSendLoopContext,
  state: RunState,
): Promise<void> {
  const members = new Map<string, PackageMember>();
  for (const step of streams) for (const member of streamMembers(step)) members.set(receivedName(member), member);
  if (members.size === 0) return;
  try {
    const found = await findSnapshots(context.ports.target, [...members.keys()], context.ports.signal);
    for (const [name, member] of members) {
      const snapshot = found.get(name);
      if (snapshot?.guid === member.to.guid) state.markReceived(member, snapshot);
      else state.markMissing(member);
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    state.failOpen(context.window.isOver ? tooLate : error.parts);
  }
}
