/**
 * Keeps account of every dataset of a run: what was sent for it, what arrived, what failed.
 *
 * @module
 */

import { type DatasetName, type Guid, isWithin } from "../../zfs/names.ts";
import { fullName, type Snapshot, type Version } from "../../zfs/version.ts";
import { exitStatus, type FaultParts } from "../fault.ts";
import { arrivals } from "../plan/gather_packages.ts";
import { isStream, type PackageMember, type Plan, type StreamStep, type TreePlan } from "../plan/step.ts";
import { PromotionTally } from "./promotion_tally.ts";
import type { TransferResult } from "./transfer.ts";

/** The account of one dataset. */
export interface Account {
  readonly dataset: DatasetName;
  readonly target: DatasetName;
  plan: Plan;
  /** The GUID and name it must reach; `undefined` when there is nothing to send. */
  goal: Snapshot | undefined;
  /** What the target is known to have by now. */
  at: Snapshot | undefined;
  /** The same as the target showed it after it was sent. */
  found: Snapshot | undefined;
  kinds: string[];
  /** It was rolled back, set aside, renamed, or its partial state discarded: more happened to it than that snapshots came. */
  rearranged: boolean;
  from: string | undefined;
  bytes: bigint;
  savedBytes: bigint;
  snapshots: number;
  elapsedMs: number;
  fault: FaultParts | undefined;
  /** It failed as part of a package, and may do better alone. */
  inPackage: boolean;
  /** A rename that brings it to its name, or clears that name, was not made: what it has lies under another. */
  misplaced: boolean;
  /** A resumed stream that did not end well: its GUID may arrive all the same, when only the last words were lost. */
  cutResume: { readonly guid: Guid; readonly receivedBytes: bigint } | undefined;
}

/** Faults that say that the target has other snapshots than the plan took it to have. */
const refutesMemory = new Set(["target-modified", "target-exists"]);

/** Fewer bytes are no progress: what is counted is what left the sender, and buffers take more or less of it. */
const leastProgress = 1n << 20n;

/** The accounts of a run. */
export class Tally {
  readonly #accounts = new Map<string, Account>();
  readonly #held = new Map<string, Snapshot>();
  /** What became of the promotions. */
  readonly promotions = new PromotionTally();
  #packageFailed = false;
  #holdDenied = false;
  /** How far each stream ever got. */
  readonly #furthest = new Map<string, bigint>();
  #moved = false;

  /** @param plan The first plan: it names every dataset. */
  constructor(plan: TreePlan) {
    for (const { dataset, target, plan: own } of plan.datasets) {
      const goal = goalOf(own);
      const at = own.kind === "up-to-date" ? own.at : undefined;
      this.#accounts.set(target, {
        dataset,
        target,
        plan: own,
        goal,
        at,
        found: undefined,
        kinds: [],
        rearranged: false,
        from: undefined,
        bytes: 0n,
        savedBytes: 0n,
        snapshots: 0,
        elapsedMs: 0,
        fault: undefined,
        inPackage: false,
        misplaced: false,
        cutResume: undefined,
      });
    }
  }

  /** Every account, in the order of the plan. */
  get accounts(): readonly Readonly<Account>[] {
    return [...this.#accounts.values()];
  }

  /** Bytes of all streams, also of those that failed. */
  get bytes(): bigint {
    return this.accounts.reduce((sum, account) => sum + account.bytes, 0n);
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
  get arrivedCount(): number {
    return this.accounts.filter(hasReached).length;
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
  isArrived(dataset: DatasetName): boolean {
    const account = this.accounts.find((entry) => entry.dataset === dataset);
    return account !== undefined && !isOpen(account);
  }

  /** Whether a dataset of the target got what it needed. */
  isReached(target: DatasetName): boolean {
    const account = this.#accounts.get(target);
    return account !== undefined && hasReached(account);
  }

  /** Datasets with something to send that has not arrived, or whose copy is not yet where it belongs. */
  open(): readonly Readonly<Account>[] {
    return this.accounts.filter(isOpen);
  }

  /**
   * Whether a stream got further than ever before, or datasets arrived, since the last question. Bytes that are sent again
   * are no progress: else what fails at the same place each time would be tried for ever.
   */
  progressed(arrivedBefore: number): boolean {
    const moved = this.#moved;
    this.#moved = false;
    return moved || this.arrivedCount > arrivedBefore;
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
    if (at < (this.#furthest.get(stream) ?? 0n) + leastProgress) return;
    this.#furthest.set(stream, at);
    this.#moved = true;
  }

  /** Counts what a stream moved. What ZFS did not announce for a member of a package goes to the first of them. */
  sent(step: StreamStep, result: TransferResult): void {
    this.#noteProgress(step, result.bytes);
    const members = arrivals(step);
    const announced = members.reduce((sum, { dataset }) => sum + (result.shares.get(dataset)?.bytes ?? 0n), 0n);
    for (const [i, member] of members.entries()) {
      const account = this.#accounts.get(member.target);
      if (account === undefined) continue;
      const share = result.shares.get(member.dataset);
      const own = step.kind === "package"
        ? { bytes: (share?.bytes ?? 0n) + (i === 0 ? result.bytes - announced : 0n), snapshots: share?.snapshots ?? 0 }
        : result;
      account.bytes += own.bytes;
      account.snapshots += own.snapshots;
      account.elapsedMs += result.elapsedMs;
      // A package is a way to travel; what it brought each dataset is a whole copy or an increment.
      account.kinds.push(step.kind === "package" ? member.from ? "incremental" : "full" : step.kind);
      if (step.kind === "resume") {
        const { to: { guid }, receivedBytes } = step;
        account.cutResume = result.ok ? undefined : { guid, receivedBytes };
        if (result.ok) account.savedBytes += receivedBytes;
      }
      // A copy begun whole came from nothing, whatever followed.
      if (account.kinds[0] !== "full") account.from ??= fromOf(step);
      if (result.ok) account.fault = undefined;
    }
  }

  /** Notes a step that is no stream. */
  rearranged(target: DatasetName): void {
    const account = this.#accounts.get(target);
    if (account) account.rearranged = true;
  }

  /** Notes that something failed. */
  fail(targets: readonly DatasetName[], fault: FaultParts, inPackage = false): void {
    if (inPackage) this.#packageFailed = true;
    if (fault.errorClass === "hold-denied") this.#holdDenied = true;
    for (const target of targets) {
      const account = this.#accounts.get(target);
      if (account === undefined) continue;
      account.fault = fault;
      account.inPackage = inPackage;
    }
  }

  /** Notes that a rename failed, or could not be tried: what these datasets have is not under their names. */
  misplace(targets: readonly DatasetName[], fault: FaultParts): void {
    this.fail(targets, fault);
    for (const target of targets) {
      const account = this.#accounts.get(target);
      if (account) account.misplaced = true;
    }
  }

  /** Notes that a rename was made: of a dataset with nothing to send, that was all that was missing. */
  settle(targets: readonly DatasetName[]): void {
    for (const target of targets) {
      const account = this.#accounts.get(target);
      if (!account?.misplaced) continue;
      account.misplaced = false;
      if (!isOpen(account)) account.fault = undefined;
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
      const account = this.#accounts.get(place);
      if (account) account.fault ??= fault;
    }
  }

  /** Notes a fault for everything that is still open. */
  failOpen(fault: FaultParts): void {
    for (const { target } of this.open()) {
      const account = this.#accounts.get(target);
      // The first cause explains more than the look that failed after it.
      if (account) account.fault ??= fault;
    }
  }

  /** True when the dataset's last step failed. */
  hasFailed(target: DatasetName): boolean {
    return this.#accounts.get(target)?.fault !== undefined;
  }

  /** The target shows the GUID, as `found`. */
  arrive(member: PackageMember, found: Snapshot): void {
    const account = this.#accounts.get(member.target);
    if (account === undefined) return;
    account.at = member.to;
    account.found = found;
    account.misplaced = false;
    endCutResume(account, member.to);
    if (account.goal?.guid === member.to.guid) {
      account.fault = undefined;
      account.inPackage = false;
    }
  }

  /** The target does not show the GUID. */
  notArrived(member: PackageMember): void {
    const account = this.#accounts.get(member.target);
    if (account === undefined || account.at?.guid === account.goal?.guid) return;
    account.fault ??= {
      errorClass: "not-arrived",
      what: `${fullName(member.to)} did not arrive as ${member.target}@${member.to.name}`,
      why: "every stage ended well, but the target does not show its GUID",
      next: "run the same command again\nif it stays so, on both sides: zfs list -t snapshot -o name,guid",
      temporary: true,
      exit: exitStatus.failed,
    };
  }

  /** What failed may have failed because the plan was made from memory, and may do better after a fresh look. */
  doubtMemory(): void {
    for (const { target, fault } of this.open()) {
      const account = this.#accounts.get(target);
      if (account && fault && refutesMemory.has(fault.errorClass)) account.fault = { ...fault, temporary: true };
    }
  }

  /** Whether a dataset of the source is open, and its fault may pass. */
  mayRetry(dataset: DatasetName): boolean {
    return this.open().some((account) =>
      account.dataset === dataset && (account.fault?.temporary === true || account.inPackage)
    );
  }

  /**
   * Takes a later plan in: what it finds up to date has arrived, unless it has yet to be renamed, and what it does not know
   * any more never will.
   */
  replan(plan: TreePlan): void {
    const planned = new Set<string>(plan.datasets.map(({ target }) => target));
    for (const { dataset, target } of this.open()) {
      if (!planned.has(target)) this.fail([target], vanished(dataset, target));
    }
    const renames = plan.steps.filter((step) => step.kind === "rename");
    for (const { target, plan: own } of plan.datasets) {
      const account = this.#accounts.get(target);
      if (account === undefined) continue;
      endCutResume(account, baseOf(own));
      if (own.kind === "up-to-date") {
        account.misplaced = isOpen(account) && renames.some(({ as }) => isWithin(target, as));
        account.at = own.at;
        account.goal = own.at;
        if (account.misplaced) continue;
        account.fault = undefined;
        account.inPackage = false;
      } else if (own.kind === "conflict" && account.at?.guid !== account.goal?.guid) {
        account.plan = own;
      }
    }
  }
}

/** Whether all that was to be sent is there, under its name. */
function hasReached({ goal, at, misplaced }: Readonly<Account>): boolean {
  return goal !== undefined && at?.guid === goal.guid && !misplaced;
}

/** Whether something is missing: what was to be sent, or a rename. */
function isOpen({ goal, at, misplaced }: Readonly<Account>): boolean {
  return misplaced || (goal !== undefined && at?.guid !== goal.guid);
}

function vanished(dataset: DatasetName, target: DatasetName): FaultParts {
  return {
    errorClass: "dataset-vanished",
    what: `cannot send ${dataset} to ${target}`,
    why: "it was destroyed or renamed on the source while this run went on",
    next: "the next run follows a rename, and keeps the copy of what is gone: run the same command again",
    temporary: false,
    exit: exitStatus.failed,
  };
}

function goalOf(plan: Plan): Snapshot | undefined {
  if (plan.kind !== "steps") return undefined;
  const last = plan.steps.filter(isStream).at(-1);
  return last && last.kind !== "package" ? last.to : undefined;
}

/** The version that a plan finds on the target and goes on from. */
function baseOf(plan: Plan): Version | undefined {
  if (plan.kind === "up-to-date") return plan.at;
  const first = plan.kind === "steps" ? plan.steps.find(isStream) : undefined;
  return first?.kind === "incremental" ? first.from : undefined;
}

/** Counts what a resumed stream saved when its snapshot is found to have arrived, though the stream did not end well. */
function endCutResume(account: Account, found: { readonly guid: Guid } | undefined): void {
  const { cutResume } = account;
  if (cutResume === undefined || cutResume.guid !== found?.guid) return;
  account.savedBytes += cutResume.receivedBytes;
  account.snapshots += 1;
  account.cutResume = undefined;
}

function fromOf(step: StreamStep): string | undefined {
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
