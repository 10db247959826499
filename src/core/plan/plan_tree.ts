/**
 * The plan of a whole tree: every dataset's own plan, in an order in which each finds its parent and its origin, then
 * gathered into packages.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, isWithin, maxNameBytes, moveName, parentOf } from "../../zfs/names/names.ts";
import { CloneOrigins } from "./clone_origins.ts";
import { EncryptionKeys } from "./encryption_keys.ts";
import { neededOrphans } from "./follow/needed_orphans.ts";
import { planPromotions } from "./follow/promotion_planner.ts";
import { mayHoldChildren, placeAfter, planRenames, withDeferredRenames } from "./follow/rename_planner.ts";
import { gatherPackages } from "./gather_packages.ts";
import { planDataset } from "./plan_dataset.ts";
import type { PlanInput } from "./plan_input.ts";
import { receiveOrder } from "./receive_order.ts";
import { ReceiveSideEffects } from "./receive_side_effects.ts";
import { type DatasetPlan, isStream, type Plan, type Step, type TreePlan } from "./step.ts";

export function planTree(input: PlanInput): TreePlan {
  const left = new Set(input.leftClones);
  while (true) {
    const plan = planAround(input, left);
    const conflicts = new Set(plan.datasets.flatMap((entry) => entry.plan.kind === "conflict" ? [entry.target] : []));
    const isBarred = (name: DatasetName): boolean => conflicts.has(placeAfter(name, plan.steps));
    const barred = plan.steps.filter((step) =>
      step.kind === "promote" && (isBarred(step.target) || isBarred(step.from))
    );
    if (barred.length === 0) return plan;
    // What is in conflict is left as it is, whatever that means for the others.
    for (const { target } of barred) left.add(target);
  }
}

/** @param left Clones on the target that stay clones. */
function planAround(input: PlanInput, left: ReadonlySet<string>): TreePlan {
  // First, since a clone and what it was cloned from may be known by their names only after it.
  const promotions = planPromotions(input, left);
  const renames = planRenames({ ...input, target: promotions.target });
  /** All that is made like the source before anything is sent. */
  const shaped = { deferred: renames.deferred, steps: [...promotions.steps, ...renames.steps], target: renames.target };
  const byTarget = new Map<string, Dataset>(shaped.target.map((dataset) => [dataset.name, dataset]));
  const bySource = new Map<string, Dataset>(input.source.map((dataset) => [dataset.name, dataset]));
  const there = new Map(byTarget);
  const keys = new EncryptionKeys(input.targetAncestors, shaped.target);
  const datasets: DatasetPlan[] = [];
  /** Filesystems on the target that are, or will be, there: nothing lies below a volume, or below the half of a copy. */
  const present = new Set<string>([
    ...shaped.target.filter(mayHoldChildren),
    ...input.targetAncestors,
  ].map(({ name }) => name));
  /** What waits for its parent waits for a stream into that, also where something is there. */
  const awaited = new Set(shaped.deferred.map(({ as }) => parentOf(as)));
  const origins = new CloneOrigins(
    input.source,
    shaped.target,
    (name) => moveName(name, input.sourceTop, input.targetTop),
  );
  // By the token itself: what is renamed is listed under its old name.
  const tokens = new Map(input.target.map(({ name, resumeToken }) => [resumeToken, input.tokens.get(name)]));
  // Whatever was asked of a dataset under its name is told of none that gets this name only now.
  const unrenamed = new Set<string>(
    shaped.target.map(({ name }) => name).filter((name, i) => name === input.target[i]?.name),
  );
  const targetParents = new Set(shaped.target.map(({ name }) => parentOf(name)));

  const parents = missingParents(input);
  const parentKey = parents[0] === undefined ? undefined : keys.of(parents[0]);
  const canCreateParents = parentKey === undefined || parentKey.available;
  for (const parent of parents) present.add(parent);

  const ordered = receiveOrder(input.source);
  for (const source of ordered) {
    const targetName = moveName(source.name, input.sourceTop, input.targetTop);
    const target = there.get(targetName);
    const plan = ((): Plan => {
      const parent = parentOf(targetName);
      if (parent !== undefined && !present.has(parent)) {
        return { kind: "conflict", conflict: { kind: "parent-missing", parent } };
      }
      if (!canCreateParents && source.name === input.sourceTop) {
        return { kind: "conflict", conflict: { kind: "key-needed", side: "target", dataset: parentKey.dataset } };
      }
      const room = maxNameBytes - targetName.length - 1;
      const tooLong = source.snapshots.find(({ name }) => name.length > room);
      if (tooLong) {
        return { kind: "conflict", conflict: { kind: "name-too-long", name: `${targetName}@${tooLong.name}` } };
      }
      return planDataset({
        source,
        sourceBelow: source.snapshots.length > 0 ? undefined : firstBelow(ordered, source.name),
        targetName,
        target,
        targetIsEmpty: unrenamed.has(targetName) && input.targetEmpty.has(targetName),
        targetHasChildren: targetParents.has(targetName),
        targetWritesIgnorable: unrenamed.has(targetName) && input.targetIgnorableWrites?.has(targetName) === true,
        targetParentKey: parent === undefined ? undefined : keys.of(parent),
        token: tokens.get(target?.resumeToken),
        origin: source.origin === undefined ? undefined : origins.get(source.origin),
      }, input);
    })();
    datasets.push({ dataset: source.name, target: targetName, plan });
    if (plan.kind === "conflict") {
      // It may have been meant to move there, or something below it.
      if (plan.conflict.kind === "parent-missing" || awaited.has(targetName)) present.delete(targetName);
      continue;
    }
    const steps = plan.kind === "steps" ? plan.steps : [];
    if (steps.some(({ kind }) => kind === "set-aside")) {
      // All below goes with it.
      for (const name of [...there.keys()].filter((entry) => isWithin(entry, targetName))) {
        present.delete(name);
        there.delete(name);
        keys.forget(name);
      }
    }
    present.add(targetName);
    origins.add(source, there.get(targetName), steps);
    const first = steps.find(isStream);
    // Made anew, also in place of the half of an earlier copy, which may have had another key.
    if (first?.kind === "clone" || (first?.kind === "full" && !first.force)) {
      if (first.raw) keys.markLocked(targetName);
      else keys.forget(targetName);
    }
  }
  const hasSteps = datasets.some(({ plan }) => plan.kind === "steps");
  const packed = hasSteps
    ? gatherPackages(datasets, bySource, byTarget, input, new ReceiveSideEffects(input, shaped))
    : [];
  const orphans = orphansOf(input, shaped.target);
  return {
    datasets: [...datasets, ...replicaConflicts(input)],
    steps: [
      ...(hasSteps ? parents : []).map((name): Step => ({ kind: "create-parent", target: name })),
      ...shaped.steps,
      ...withDeferredRenames(packed, shaped.deferred),
    ],
    orphans,
    neededOrphans: neededOrphans(orphans, shaped.target),
  };
}

/** The plans of datasets that this run must not part from their sources. */
function replicaConflicts({ replicas = new Map(), sourceTop, targetTop }: PlanInput): DatasetPlan[] {
  const there = (name: DatasetName): DatasetName => moveName(name, sourceTop, targetTop);
  return [...replicas].map(([dataset, replica]) => ({
    dataset,
    target: there(dataset),
    plan: {
      kind: "conflict",
      conflict: {
        kind: "source-is-replica",
        replica,
        copy: there(replica),
        pattern: replica.slice(sourceTop.length + 1),
      },
    },
  }));
}

function firstBelow(source: readonly Dataset[], top: DatasetName): DatasetName | undefined {
  return source.find(({ name, snapshots }) => snapshots.length > 0 && isWithin(name, top))?.name;
}

/** Datasets on the target that nobody on the source accounts for, not even one that stays out. */
function orphansOf(input: PlanInput, target: readonly Dataset[]): DatasetName[] {
  const there = (name: DatasetName): DatasetName => moveName(name, input.sourceTop, input.targetTop);
  const planned = new Set<string>(input.source.map(({ name }) => there(name)));
  const excluded = new Set<string>(input.excluded.map(({ name }) => there(name)));
  const isExcluded = (name: DatasetName): boolean => {
    for (let at: DatasetName | undefined = name; at !== undefined; at = parentOf(at)) if (excluded.has(at)) return true;
    return false;
  };
  return target.map(({ name }) => name).filter((name) => !planned.has(name) && !isExcluded(name));
}

function missingParents(input: PlanInput): DatasetName[] {
  if (input.target.length > 0) return [];
  const there = new Set<string>(input.targetAncestors.map(({ name }) => name));
  const missing: DatasetName[] = [];
  for (let parent = parentOf(input.targetTop); parent !== undefined; parent = parentOf(parent)) {
    if (!there.has(parent)) missing.unshift(parent);
  }
  // The pool itself cannot be made: preflight has refused before.
  return missing.filter((name) => parentOf(name) !== undefined);
}
