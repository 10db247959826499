/**
 * The plan of a whole tree: every dataset's own plan, in an order in which each finds its parent and its origin, then
 * gathered into packages.
 *
 * @module
 */

import type { BareDataset } from "../../zfs/list.ts";
import type { Dataset } from "../../zfs/dataset.ts";
import { type DatasetName, isWithin, maxNameBytes, moveName, parentOf } from "../../zfs/names.ts";
import { fullName, type Snapshot } from "../../zfs/version.ts";
import { followRenames } from "./follow_renames.ts";
import { gatherPackages } from "./gather_packages.ts";
import { inOrder } from "./order.ts";
import { planDataset, type Policy, type TokenState } from "./plan_dataset.ts";
import type { DatasetPlan, Plan, Step, TreePlan } from "./step.ts";

/** All that a plan depends on. */
export interface PlanInput extends Policy {
  readonly sourceTop: DatasetName;
  readonly targetTop: DatasetName;
  /** The source's tree, without the datasets that the user excluded. */
  readonly source: readonly Dataset[];
  /** Datasets of the source's tree that the user excluded. */
  readonly excluded: readonly DatasetName[];
  /** The target's tree; empty when its top is not there. */
  readonly target: readonly Dataset[];
  /** Those of the target top's ancestors that exist, any order. */
  readonly targetAncestors: readonly BareDataset[];
  /** Datasets on the target that are proven to hold nothing. */
  readonly targetEmpty: ReadonlySet<string>;
  /** Decoded resume tokens, by dataset on the target. */
  readonly tokens: ReadonlyMap<string, TokenState>;
  /** Whether `zfs send -X` is there (OpenZFS 2.2 and later). */
  readonly canExclude: boolean;
  /** Whether uniform subtrees may travel in one stream. */
  readonly packages: boolean;
}

/** Plans a tree. */
export function planTree(input: PlanInput): TreePlan {
  const renames = followRenames(input);
  const target = renames.target;
  const byTarget = new Map<string, Dataset>(target.map((dataset) => [dataset.name, dataset]));
  const bySource = new Map<string, Dataset>(input.source.map((dataset) => [dataset.name, dataset]));
  const keys = encryptionAbove(input, target);
  const datasets: DatasetPlan[] = [];
  /** Names on the target that are, or will be, there. */
  const present = new Set<string>([...byTarget.keys(), ...input.targetAncestors.map(({ name }) => name)]);
  const moved: DatasetName[] = [];
  const origins = new Map<string, Snapshot>();

  const parents = missingParents(input);
  for (const parent of parents) present.add(parent);

  for (const source of inOrder(input.source)) {
    const targetName = moveName(source.name, input.sourceTop, input.targetTop);
    const setAside = moved.some((top) => isWithin(targetName, top));
    const plan = ((): Plan => {
      const parent = parentOf(targetName);
      if (parent !== undefined && !present.has(parent)) {
        return { kind: "conflict", conflict: { kind: "no-parent", parent } };
      }
      const tooLong = source.snapshots.find((snapshot) => nameBytes(`${targetName}@${snapshot.name}`) > maxNameBytes);
      if (tooLong) {
        return { kind: "conflict", conflict: { kind: "name-too-long", name: `${targetName}@${tooLong.name}` } };
      }
      return planDataset({
        source,
        targetName,
        target: setAside ? undefined : byTarget.get(targetName),
        targetIsEmpty: input.targetEmpty.has(targetName),
        targetParentKey: parent === undefined ? undefined : keys(parent),
        token: input.tokens.get(targetName),
        origin: source.origin === undefined ? undefined : origins.get(source.origin),
      }, input);
    })();
    datasets.push({ dataset: source.name, target: targetName, plan });
    if (plan.kind === "steps") {
      for (const step of plan.steps) if (step.kind === "set-aside") moved.push(step.target);
    }
    if (plan.kind !== "conflict") {
      present.add(targetName);
      const there = setAside ? undefined : byTarget.get(targetName);
      noteOrigins(source, there, plan, origins);
    }
  }
  const planned = new Set<string>(datasets.map((entry) => entry.target));
  return {
    datasets,
    steps: [
      ...parents.map((name): Step => ({ kind: "create-parent", target: name })),
      ...renames.steps,
      ...gatherPackages(datasets, bySource, byTarget, input),
    ],
    orphans: target.map(({ name }) => name).filter((name) =>
      !planned.has(name) &&
      !input.excluded.some((top) => isWithin(name, moveName(top, input.sourceTop, input.targetTop)))
    ),
  };
}

const encoder = new TextEncoder();

function nameBytes(name: string): number {
  return encoder.encode(name).length;
}

/** Snapshots of this dataset that the target has, or will have, so that clones of them can follow. */
function noteOrigins(
  source: Dataset,
  target: Dataset | undefined,
  plan: Plan,
  origins: Map<string, Snapshot>,
): void {
  const anew = target === undefined || (plan.kind === "steps" && plan.steps.some(({ kind }) => kind === "set-aside"));
  const have = new Set(anew ? [] : target.snapshots.map((snapshot) => snapshot.guid));
  const last = anew ? undefined : target.snapshots.at(-1);
  const base = last && source.snapshots.find((snapshot) => snapshot.guid === last.guid);
  for (const snapshot of source.snapshots) {
    const arrives = anew || (base !== undefined && snapshot.createtxg > base.createtxg);
    if (arrives || have.has(snapshot.guid)) origins.set(fullName(snapshot), snapshot);
  }
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

/** The key that a new dataset below a target dataset would be encrypted with. */
function encryptionAbove(
  input: PlanInput,
  target: readonly Dataset[],
): (parent: DatasetName) => { dataset: string; available: boolean } | undefined {
  const known = new Map<string, BareDataset>([...input.targetAncestors, ...target].map((entry) => [entry.name, entry]));
  return (parent) => {
    for (let name: DatasetName | undefined = parent; name !== undefined; name = parentOf(name)) {
      const dataset = known.get(name);
      if (dataset === undefined) continue;
      if (dataset.encryption === "off") return undefined;
      return { dataset: dataset.encryptionRoot ?? name, available: dataset.keyStatus === "available" };
    }
    return undefined;
  };
}
