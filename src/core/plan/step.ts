/**
 * The plan as data: what is to be done, step by step. A dry run prints it; a real run carries out the very same value.
 *
 * @module
 */

import type { DatasetName } from "../../zfs/names/names.ts";
import { fullName, type Snapshot, type Version } from "../../zfs/names/version.ts";
import type { Conflict } from "./conflict.ts";
import type { NeededOrphan } from "./follow/needed_orphans.ts";

/** What every stream has in common. */
interface Stream {
  /** The dataset on the source. */
  readonly dataset: DatasetName;
  /** The dataset on the target. */
  readonly target: DatasetName;
  readonly type: "filesystem" | "volume";
  /** The newest snapshot that the target has afterwards. */
  readonly to: Snapshot;
  readonly raw: boolean;
  /** An encrypted dataset is sent readable; ZFS lets such a stream carry no properties. */
  readonly decrypted?: true;
}

/** One whole snapshot, the first of a new copy. */
export interface FullStep extends Stream {
  readonly kind: "full";
  /** The target exists, is proven empty and is received over with `-F`. */
  readonly force: boolean;
}

/** From a version that both sides have to a later snapshot. */
export interface IncrementalStep extends Stream {
  readonly kind: "incremental";
  readonly from: Version;
  /** The snapshots between travel too. */
  readonly intermediates: boolean;
}

/** A new copy that shares its blocks with another dataset, as on the source. */
export interface CloneStep extends Stream {
  readonly kind: "clone";
  /** The snapshot, of another dataset on the source, that it was cloned from. */
  readonly origin: Snapshot;
}

/** The rest of a transfer that was cut. */
export interface ResumeStep extends Stream {
  readonly kind: "resume";
  readonly token: string;
  /** Bytes that the target already has. */
  readonly receivedBytes: bigint;
  /** The cut transfer was a forced one into a pool's root. */
  readonly force: boolean;
}

/** One dataset that travels inside a package. */
export interface PackageMember {
  readonly dataset: DatasetName;
  readonly target: DatasetName;
  readonly type: "filesystem" | "volume";
  readonly to: Snapshot;
  /** `undefined`: it is new on the target. */
  readonly from: Snapshot | undefined;
}

/** A whole subtree in one stream. */
export interface PackageStep {
  readonly kind: "package";
  readonly dataset: DatasetName;
  readonly target: DatasetName;
  /** The part behind `@` of the base, or `undefined` for a first copy. */
  readonly from: string | undefined;
  /** The part behind `@` that all members reach. */
  readonly to: string;
  readonly members: readonly PackageMember[];
  /** Datasets below, on the source, that stay out. */
  readonly excluded: readonly DatasetName[];
  readonly raw: boolean;
}

/** A step that moves data. */
export type StreamStep = FullStep | IncrementalStep | CloneStep | ResumeStep | PackageStep;

/** A step that prepares the target. */
export type TargetStep =
  /** Makes a missing parent, never mounted. */
  | { readonly kind: "create-parent"; readonly target: DatasetName }
  /** Discards what a cut transfer left, since it cannot go on. */
  | { readonly kind: "discard-partial"; readonly target: DatasetName; readonly why: string }
  | RollbackStep
  /** Gives the dataset on the target another name, because the user said to keep both. */
  | (Rename & { readonly kind: "set-aside" })
  | RenameStep
  | PromoteStep;

/** Rolls back to the last common snapshot, because the user said so or because nobody wrote what that discards. */
export interface RollbackStep {
  readonly kind: "rollback";
  readonly target: DatasetName;
  readonly to: Snapshot;
  readonly discards: readonly Snapshot[];
  readonly discardsBytes: bigint;
  /** It is done only for what was written being proven harmless; see `harmless.ts`. */
  readonly ignorable: boolean;
}

/** Follows a rename on the source. */
export type RenameStep = Rename & { readonly kind: "rename" };

/** Follows a promotion on the source; see `promotion_planner.ts`. */
export interface PromoteStep {
  readonly kind: "promote";
  /** The clone, on the target. */
  readonly target: DatasetName;
  /** The dataset on the target that it was cloned from, and that becomes its clone. */
  readonly from: DatasetName;
  /** The snapshot of `from` that it was cloned from. */
  readonly origin: Snapshot;
  /** The snapshots of `from` that become the clone's: the origin and all that are older, oldest first. */
  readonly moves: readonly Snapshot[];
}

/** Another name for a dataset on the target. */
interface Rename {
  readonly target: DatasetName;
  readonly type: "filesystem" | "volume";
  readonly as: DatasetName;
}

/** One step of a plan. */
export type Step = StreamStep | TargetStep;

/** What to do with one dataset. */
export type Plan =
  | { readonly kind: "up-to-date"; readonly at: Snapshot }
  | { readonly kind: "steps"; readonly steps: readonly Step[] }
  | { readonly kind: "conflict"; readonly conflict: Conflict };

/** The plan of one dataset of the tree. */
export interface DatasetPlan {
  readonly dataset: DatasetName;
  readonly target: DatasetName;
  readonly plan: Plan;
}

/** The plan of a whole tree. */
export interface TreePlan {
  /** Every dataset of the source with its own plan; parents before children, origins before clones. */
  readonly datasets: readonly DatasetPlan[];
  /** What is carried out: the same steps, those of uniform subtrees gathered into packages. */
  readonly steps: readonly Step[];
  /** Datasets on the target that the source does not have; they are kept. */
  readonly orphans: readonly DatasetName[];
  /** Those of them that are still needed when the plan is carried out. */
  readonly neededOrphans: readonly NeededOrphan[];
}

/** True for a step that moves data. */
export function isStream(step: Step): step is StreamStep {
  switch (step.kind) {
    case "full":
    case "incremental":
    case "clone":
    case "resume":
    case "package":
      return true;
    case "create-parent":
    case "discard-partial":
    case "rollback":
    case "set-aside":
    case "rename":
    case "promote":
      return false;
  }
}

/** The names of the snapshots that must be on the target after a step, by dataset there. */
export function streamMembers(step: StreamStep): readonly PackageMember[] {
  if (step.kind === "package") return step.members;
  const { dataset, target, type, to } = step;
  const from = step.kind === "incremental" && step.from.kind === "snapshot" ? step.from : undefined;
  return [{ dataset, target, type, to, from }];
}

/** The full name on the target of what a member brings. */
export function receivedName(member: PackageMember): string {
  return fullName({ ...member.to, dataset: member.target });
}
