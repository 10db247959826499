/**
 * What a run knows of one dataset: its plan, what was received, what failed.
 *
 * @module
 */

import type { DatasetName, Guid } from "../../zfs/names/names.ts";
import type { Snapshot, Version } from "../../zfs/names/version.ts";
import { exitStatus, type FaultParts } from "../fault.ts";
import { isStream, type Plan, type StreamStep } from "../plan/step.ts";

/** The account of one dataset. */
export interface DatasetState {
  readonly dataset: DatasetName;
  readonly target: DatasetName;
  plan: Plan;
  /** The GUID and name it must reach; `undefined` when there is nothing to send. */
  goal: Snapshot | undefined;
  /** What the target is known to have by now. */
  at: Snapshot | undefined;
  /** The same as the target showed it after it was sent. */
  onTarget: Snapshot | undefined;
  kinds: string[];
  /** It was rolled back, set aside, renamed, or its partial state discarded: more happened to it than that snapshots came. */
  restructured: boolean;
  from: string | undefined;
  bytes: bigint;
  savedBytes: bigint;
  snapshots: number;
  elapsedMs: number;
  fault: FaultParts | undefined;
  /** It failed as part of a package, and may do better alone. */
  failedInPackage: boolean;
  /** A rename that brings it to its name, or clears that name, was not made: what it has lies under another. */
  renamePending: boolean;
  /** A resumed stream that did not end well: its GUID may arrive all the same, when only the last words were lost. */
  interruptedResume: { readonly guid: Guid; readonly receivedBytes: bigint } | undefined;
}

/** Whether all that was to be sent is there, under its name. */
export function hasReachedGoal({ goal, at, renamePending }: Readonly<DatasetState>): boolean {
  return goal !== undefined && at?.guid === goal.guid && !renamePending;
}

/** Whether something is missing: what was to be sent, or a rename. */
export function isOpen({ goal, at, renamePending }: Readonly<DatasetState>): boolean {
  return renamePending || (goal !== undefined && at?.guid !== goal.guid);
}

export function vanishedFault(dataset: DatasetName, target: DatasetName): FaultParts {
  return {
    errorClass: "dataset-vanished",
    what: `cannot send ${dataset} to ${target}`,
    why: "it was destroyed or renamed on the source while this run went on",
    next: "the next run follows a rename, and keeps the copy of what is gone: run the same command again",
    temporary: false,
    exit: exitStatus.failed,
  };
}

export function goalOf(plan: Plan): Snapshot | undefined {
  if (plan.kind !== "steps") return undefined;
  const last = plan.steps.filter(isStream).at(-1);
  return last && last.kind !== "package" ? last.to : undefined;
}

/** The version that a plan finds on the target and goes on from. */
export function baseOf(plan: Plan): Version | undefined {
  if (plan.kind === "up-to-date") return plan.at;
  const first = plan.kind === "steps" ? plan.steps.find(isStream) : undefined;
  return first?.kind === "incremental" ? first.from : undefined;
}

/** Counts what a resumed stream saved when its snapshot is found to have arrived, though the stream did not end well. */
export function endInterruptedResume(state: DatasetState, found: { readonly guid: Guid } | undefined): void {
  const { interruptedResume } = state;
  if (interruptedResume === undefined || interruptedResume.guid !== found?.guid) return;
  state.savedBytes += interruptedResume.receivedBytes;
  state.snapshots += 1;
  state.interruptedResume = undefined;
}

export function fromOf(step: StreamStep): string | undefined {
  switch (step.kind) {
    case "incremental":
      return step.from.name;
    case "clone":
      return step.origin.name;
    case "package":
      return step.from;
    case "full":
    case "resume":
      return undefined;
  }
}

/** The state of a dataset before its first step. */
export function newDatasetState(dataset: DatasetName, target: DatasetName, plan: DatasetState["plan"]): DatasetState {
  const goal = goalOf(plan);
  const at = plan.kind === "up-to-date" ? plan.at : undefined;
  return {
    dataset,
    target,
    plan,
    goal,
    at,
    onTarget: undefined,
    kinds: [],
    restructured: false,
    from: undefined,
    bytes: 0n,
    savedBytes: 0n,
    snapshots: 0,
    elapsedMs: 0,
    fault: undefined,
    failedInPackage: false,
    renamePending: false,
    interruptedResume: undefined,
  };
}
