/**
 * Keeps account of every dataset of a run: what was sent for it, what arrived, what failed.
 *
 * @module
 */

import { type DatasetName, isWithin } from "../../zfs/names/names.ts";
import { fullName, type Snapshot } from "../../zfs/names/version.ts";
import { exitStatus, type FaultParts } from "../fault.ts";
import { type PackageMember, streamMembers, type StreamStep, type TreePlan } from "../plan/step.ts";
import {
  baseOf,
  type DatasetState,
  endInterruptedResume,
  fromOf,
  hasReachedGoal,
  isOpen,
  newDatasetState,
  vanishedFault,
} from "./dataset_state.ts";
import { PromotionState } from "./promotion_state.ts";
import type { TransferResult } from "./transfer_result.ts";

/** Faults that say that the target has other snapshots than the plan took it to have. */
const contradictsCache = new Set(["target-modified", "target-exists"]);

/** Fewer bytes are no progress: what is counted is what left the sender, and buffers take more or less of it. */
const minProgress = 1n << 20n;

/** The accounts of a run. */
export class RunState {
  readonly #datasets = new Map<string, DatasetState>();
  readonly #held = new Map<string, Snapshot>();
  /** What became of the promotions. */
  readonly promotions = new PromotionState();
  #packageFailed = false;
  #holdDenied = false;
  /** How far each stream ever got. */
  readonly #furthest = new Map<string, bigint>();
  #moved = false;

  /** @param plan The first plan: it names every dataset. */
  constructor(plan: TreePlan) {
    for (const { dataset, target, plan: own } of plan.datasets) {
      this.#datasets.set(target, newDatasetState(dataset, target, own));
    }
  }

  /** Every account, in the order of the plan. */
  get datasets(): readonly Readonly<DatasetState>[] {
    return [...this.#datasets.values()];
  }

  /** Bytes of all streams, also of those that failed. */
  get bytes(): bigint {
    return this.datasets.reduce((sum, state) => sum + state.bytes, 0n);
  }

  /** A package failed: from now on every dataset travels alone, so that the guilty one is found. */
  get packageFailed(): boolean {
    return this.#packageFailed;
  }

  /** The user may not hold snapshots: streams that hold theirs are of no use. */
  get holdDenied(): boolean {
    return this.#holdDenied;
  }

  /** How many datasets have all they need. */
  get receivedCount(): number {
    return this.datasets.filter(hasReachedGoal).length;
  }

  /** Snapshots that the run holds. */
  get held(): readonly Snapshot[] {
    return [...this.#held.values()];
  }

  /** Notes what the run holds. */
  hold(snapshots: readonly Snapshot[]): void {
    for (const snapshot of snapshots) this.#held.set(fullName(snapshot), snapshot);
  }

  /** Whether all that a dataset of the source needed has arrived. */
  isReceived(dataset: DatasetName): boolean {
    const state = this.datasets.find((entry) => entry.dataset === dataset);
    return state !== undefined && !isOpen(state);
  }

  /** Whether a dataset of the target got what it needed. */
  isComplete(target: DatasetName): boolean {
    const state = this.#datasets.get(target);
    return state !== undefined && hasReachedGoal(state);
  }

  /** Datasets with something to send that has not arrived, or whose copy is not yet where it belongs. */
  open(): readonly Readonly<DatasetState>[] {
    return this.datasets.filter(isOpen);
  }

  /**
   * Whether a stream got further than ever before, or datasets arrived, since the last question. Bytes that are sent again
   * are no progress: else what fails at the same place each time would be tried for ever.
   */
  progressed(receivedBefore: number): boolean {
    const moved = this.#moved;
    this.#moved = false;
    return moved || this.receivedCount > receivedBefore;
  }

  /** Whether a stream got further than ever before since {@linkcode progressed} was asked. */
  get gotFurther(): boolean {
    return this.#moved;
  }

  #noteProgress(step: StreamStep, bytes: bigint): void {
    const base = step.kind === "incremental" ? step.from.guid : "";
    const goal = step.kind === "package" ? `${step.from ?? ""}:${step.to}` : step.to.guid;
    const stream = `${step.target}:${base}:${goal}`;
    const at = bytes + (step.kind === "resume" ? step.receivedBytes : 0n);
    if (at < (this.#furthest.get(stream) ?? 0n) + minProgress) return;
    this.#furthest.set(stream, at);
    this.#moved = true;
  }

  /** Counts what a stream moved. What ZFS did not announce for a member of a package goes to the first of them. */
  sent(step: StreamStep, result: TransferResult): void {
    this.#noteProgress(step, result.bytes);
    const members = streamMembers(step);
    const announced = members.reduce((sum, { dataset }) => sum + (result.shares.get(dataset)?.bytes ?? 0n), 0n);
    for (const [i, member] of members.entries()) {
      const state = this.#datasets.get(member.target);
      if (state === undefined) continue;
      const share = result.shares.get(member.dataset);
      const own = step.kind === "package"
        ? { bytes: (share?.bytes ?? 0n) + (i === 0 ? result.bytes - announced : 0n), snapshots: share?.snapshots ?? 0 }
        : result;
      state.bytes += own.bytes;
      state.snapshots += own.snapshots;
      state.elapsedMs += result.elapsedMs;
      // A package is a way to travel; what it brought each dataset is a whole copy or an increment.
      state.kinds.push(step.kind === "package" ? member.from ? "incremental" : "full" : step.kind);
      if (step.kind === "resume") {
        const { to: { guid }, receivedBytes } = step;
        state.interruptedResume = result.ok ? undefined : { guid, receivedBytes };
        if (result.ok) state.savedBytes += receivedBytes;
      }
      // A copy begun whole came from nothing, whatever followed.
      if (state.kinds[0] !== "full") state.from ??= fromOf(step);
      if (result.ok) state.fault = undefined;
    }
  }

  /** Notes a step that is no stream. */
  markRestructured(target: DatasetName): void {
    const state = this.#datasets.get(target);
    if (state) state.restructured = true;
  }

  /** Notes that something failed. */
  fail(targets: readonly DatasetName[], fault: FaultParts, inPackage = false): void {
    if (inPackage) this.#packageFailed = true;
    if (fault.errorClass === "hold-denied") this.#holdDenied = true;
    for (const target of targets) {
      const state = this.#datasets.get(target);
      if (state === undefined) continue;
      state.fault = fault;
      state.failedInPackage = inPackage;
    }
  }

  /** Notes that a rename failed, or could not be tried: what these datasets have is not under their names. */
  markRenamePending(targets: readonly DatasetName[], fault: FaultParts): void {
    this.fail(targets, fault);
    for (const target of targets) {
      const state = this.#datasets.get(target);
      if (state) state.renamePending = true;
    }
  }

  /** Notes that a rename was made: of a dataset with nothing to send, that was all that was missing. */
  markRenamed(targets: readonly DatasetName[]): void {
    for (const target of targets) {
      const state = this.#datasets.get(target);
      if (!state?.renamePending) continue;
      state.renamePending = false;
      if (!isOpen(state)) state.fault = undefined;
    }
  }

  /**
   * Notes that a clone could not be promoted. What was planned for it and for what it was cloned from waits for another plan;
   * each then travels alone, since the receiver of a package would try the same.
   *
   * @param clone Its name now.
   * @param places The names of the two after the plan's renames, the clone's first.
   */
  leaveClone(clone: DatasetName, places: readonly DatasetName[], fault: FaultParts): void {
    this.promotions.failed(clone, places[0] ?? clone, fault);
    const open = new Set(this.open().map(({ target }) => target));
    this.fail(places.filter((name) => open.has(name)), fault, true);
  }

  /** A clone that could not be promoted has failed, also when all its data has arrived. */
  failLeftClones(): void {
    for (const { fault, place } of this.promotions.left) {
      const state = this.#datasets.get(place);
      if (state) state.fault ??= fault;
    }
  }

  /** Notes a fault for everything that is still open. */
  failOpen(fault: FaultParts): void {
    for (const { target } of this.open()) {
      const state = this.#datasets.get(target);
      // The first cause explains more than the look that failed after it.
      if (state) state.fault ??= fault;
    }
  }

  /** True when the dataset's last step failed. */
  hasFailed(target: DatasetName): boolean {
    return this.#datasets.get(target)?.fault !== undefined;
  }

  /** The target shows the GUID, as `found`. */
  markReceived(member: PackageMember, found: Snapshot): void {
    const state = this.#datasets.get(member.target);
    if (state === undefined) return;
    state.at = member.to;
    state.onTarget = found;
    state.renamePending = false;
    endInterruptedResume(state, member.to);
    if (state.goal?.guid === member.to.guid) {
      state.fault = undefined;
      state.failedInPackage = false;
    }
  }

  /** The target does not show the GUID. */
  markMissing(member: PackageMember): void {
    const state = this.#datasets.get(member.target);
    if (state === undefined || state.at?.guid === state.goal?.guid) return;
    state.fault ??= {
      errorClass: "not-arrived",
      what: `${fullName(member.to)} did not arrive as ${member.target}@${member.to.name}`,
      why: "every stage ended well, but the target does not show its GUID",
      next: "run the same command again\nif it stays so, on both sides: zfs list -t snapshot -o name,guid",
      temporary: true,
      exit: exitStatus.failed,
    };
  }

  /** What failed may have failed because the plan was made from memory, and may do better after a fresh look. */
  distrustCache(): void {
    for (const { target, fault } of this.open()) {
      const state = this.#datasets.get(target);
      if (state && fault && contradictsCache.has(fault.errorClass)) state.fault = { ...fault, temporary: true };
    }
  }

  /** Whether a dataset of the source is open, and its fault may pass. */
  mayRetry(dataset: DatasetName): boolean {
    return this.open().some((state) =>
      state.dataset === dataset && (state.fault?.temporary === true || state.failedInPackage)
    );
  }

  /**
   * Takes a later plan in: what it finds up to date has arrived, unless it has yet to be renamed, and what it does not know
   * any more never will.
   */
  replan(plan: TreePlan): void {
    const planned = new Set<string>(plan.datasets.map(({ target }) => target));
    for (const { dataset, target } of this.open()) {
      if (!planned.has(target)) this.fail([target], vanishedFault(dataset, target));
    }
    const renames = plan.steps.filter((step) => step.kind === "rename");
    for (const { target, plan: own } of plan.datasets) {
      const state = this.#datasets.get(target);
      if (state === undefined) continue;
      endInterruptedResume(state, baseOf(own));
      if (own.kind === "up-to-date") {
        state.renamePending = isOpen(state) && renames.some(({ as }) => isWithin(target, as));
        state.at = own.at;
        state.goal = own.at;
        if (state.renamePending) continue;
        state.fault = undefined;
        state.failedInPackage = false;
      } else if (own.kind === "conflict" && state.at?.guid !== state.goal?.guid) {
        state.plan = own;
      }
    }
  }
}
