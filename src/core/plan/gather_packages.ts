/**
 * Gathers the steps of uniform subtrees into packages: one `zfs send -R` instead of one stream a dataset.
 *
 * A package is not innocent: its receiver replays renames and promotions, and finds a missing dataset by GUID anywhere in the
 * pool. So a dataset is a member only when nothing of that can happen: its target is there under its name with
 * the base as its newest version and with the same origin, and nothing in its subtree would be renamed (`receive_side_effects.ts`); or
 * the whole subtree is new, where every stream begins full.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, isWithin, moveName, parentOf } from "../../zfs/names/names.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import { catchUp, type PackageKind } from "./catch_up.ts";
import type { PlanInput } from "./plan_input.ts";
import type { ReceiveSideEffects } from "./receive_side_effects.ts";
import { type DatasetPlan, isStream, type PackageMember, type Step, type StreamStep } from "./step.ts";

/** Datasets that may be left out of one package by `-X` before it is split: each is a word of the command. */
const maxExcluded = 100;

/**
 * The steps of all plans, uniform subtrees gathered.
 *
 * @param sideEffects Where no package with a base may begin.
 * @param all What is there besides: it stays out of every package.
 */
export function gatherPackages(
  plans: readonly DatasetPlan[],
  sources: ReadonlyMap<string, Dataset>,
  targets: ReadonlyMap<string, Dataset>,
  input: PlanInput,
  sideEffects: ReceiveSideEffects,
  all: readonly DatasetPlan[] = plans,
): Step[] {
  const kinds = new Map<string, PackageKind>();
  // Every package holds its snapshots while it runs.
  const mayPack = input.packages && input.holds;
  for (const plan of mayPack ? plans : []) {
    const source = sources.get(plan.dataset);
    const kind = source &&
      (kindOfIncremental(plan, source, sources, targets, input) ?? kindOfNew(plan, source, targets, input));
    if (kind) kinds.set(plan.dataset, kind);
  }
  const behind = catchUp(plans, kinds, sources, targets);
  for (const [name, { kind }] of behind) kinds.set(name, kind);
  for (const [name, { from }] of kinds) {
    if (from !== undefined && sideEffects.occurWithin(name, from)) kinds.delete(name);
  }
  const places = new Map<string, number>(plans.map(({ dataset }, i) => [dataset, i]));
  const below = childrenOf([...all.map(({ dataset }) => dataset), ...input.excluded.map(({ name }) => name)]);
  const taken = new Set<string>();
  const steps: Step[] = [];
  for (const entry of plans) {
    if (taken.has(entry.dataset)) continue;
    const before = mayPack ? rootBase(entry, sources, below, sideEffects) : undefined;
    if (before) kinds.set(entry.dataset, before.kind);
    const members = collectMembers(entry.dataset, kinds, below, taken, sources, input);
    if (members && members.inside.length > 1) {
      const kind = kinds.get(entry.dataset)!;
      for (const name of members.inside) taken.add(name);
      const inside = members.inside.map((name) => places.get(name)!).sort((a, b) => a - b).map((i) => plans[i]!);
      const firstSteps = inside.flatMap(({ dataset }) => behind.get(dataset)?.before ?? []);
      if (firstSteps.length > 0) steps.push(...gatherPackages(firstSteps, sources, targets, input, sideEffects, all));
      steps.push(...before?.steps ?? [], packageStep(entry, kind, inside, members.outside, sources));
    } else if (entry.plan.kind === "steps") {
      steps.push(...entry.plan.steps);
    }
  }
  return steps;
}

/**
 * A pool's root cannot be the top of a first package, since it exists and needs `-F`. So it goes alone up to a snapshot that
 * nothing below it has; from there a package brings the rest of it together with all that is new below.
 */
function rootBase(
  entry: DatasetPlan,
  sources: ReadonlyMap<string, Dataset>,
  below: ReadonlyMap<string, readonly DatasetName[]>,
  sideEffects: ReceiveSideEffects,
): { readonly kind: PackageKind; readonly steps: readonly Step[] } | undefined {
  if (entry.plan.kind !== "steps" || !below.has(entry.dataset)) return undefined;
  const [full, rest, ...more] = entry.plan.steps;
  if (full?.kind !== "full" || !full.force || rest?.kind !== "incremental" || more.length > 0) return undefined;
  // A package carries properties, and these no stream that is sent readable.
  if (rest.decrypted) return undefined;
  const children = [...sources.values()].filter(({ name }) => name !== entry.dataset && isWithin(name, entry.dataset));
  const theirs = new Set(children.flatMap(({ snapshots }) => snapshots.map(({ name }) => name)));
  const base = sources.get(entry.dataset)?.snapshots.findLast((snapshot) =>
    snapshot.createtxg < rest.to.createtxg && !theirs.has(snapshot.name)
  );
  if (base === undefined || sideEffects.occurWithin(entry.dataset, base.name)) return undefined;
  return {
    kind: { from: base.name, to: rest.to.name, raw: rest.raw },
    steps: base.guid === full.to.guid ? [full] : [full, { ...rest, to: base }],
  };
}

function kindOfIncremental(
  entry: DatasetPlan,
  source: Dataset,
  sources: ReadonlyMap<string, Dataset>,
  targets: ReadonlyMap<string, Dataset>,
  input: PlanInput,
): PackageKind | undefined {
  const step = onlyStream(entry);
  const target = targets.get(entry.target);
  if (step?.kind !== "incremental" || step.from.kind !== "snapshot" || step.decrypted || !target) return undefined;
  if (!sameOrigin(source, target, sources, targets, input)) return undefined;
  return { from: step.from.name, to: step.to.name, raw: step.raw };
}

/** A dataset that is wholly new on the target, a clone only when its origin travels with it. */
function kindOfNew(
  entry: DatasetPlan,
  source: Dataset,
  targets: ReadonlyMap<string, Dataset>,
  input: PlanInput,
): PackageKind | undefined {
  if (entry.plan.kind !== "steps" || targets.has(entry.target)) return undefined;
  const first = entry.plan.steps[0];
  const last = entry.plan.steps.at(-1);
  if (!first || !last || !isStream(last) || last.kind === "package" || last.kind === "resume") return undefined;
  if (!entry.plan.steps.every(isStream) || last.decrypted || (first.kind !== "full" && first.kind !== "clone")) {
    return undefined;
  }
  if (first.kind === "full" && (first.force || source.origin !== undefined)) return undefined;
  const origin = source.origin?.split("@", 1)[0];
  if (origin !== undefined && !isWithin(origin, input.sourceTop)) return undefined;
  return { from: undefined, to: last.to.name, raw: last.raw };
}

function onlyStream(entry: DatasetPlan): StreamStep | undefined {
  if (entry.plan.kind !== "steps" || entry.plan.steps.length !== 1) return undefined;
  const step = entry.plan.steps[0];
  return step && isStream(step) ? step : undefined;
}

/** Whether both are no clones, or clones of the same snapshot of the same dataset: else the receiver promotes one. */
function sameOrigin(
  source: Dataset,
  target: Dataset,
  sources: ReadonlyMap<string, Dataset>,
  targets: ReadonlyMap<string, Dataset>,
  input: PlanInput,
): boolean {
  if (source.origin === undefined || target.origin === undefined) return source.origin === target.origin;
  const theirs = snapshotCalled(source.origin, sources);
  const ours = snapshotCalled(target.origin, targets);
  return theirs !== undefined && theirs.guid === ours?.guid &&
    ours.dataset === moveName(theirs.dataset, input.sourceTop, input.targetTop);
}

function snapshotCalled(full: string, datasets: ReadonlyMap<string, Dataset>): Snapshot | undefined {
  const [dataset = "", wanted] = full.split("@");
  return datasets.get(dataset)?.snapshots.find(({ name }) => name === wanted);
}

function childrenOf(names: readonly DatasetName[]): Map<string, DatasetName[]> {
  const below = new Map<string, DatasetName[]>();
  for (const name of names) {
    const parent = parentOf(name);
    if (parent === undefined) continue;
    const list = below.get(parent) ?? [];
    list.push(name);
    below.set(parent, list);
  }
  return below;
}

interface Members {
  readonly inside: readonly DatasetName[];
  readonly outside: readonly DatasetName[];
}

function collectMembers(
  top: DatasetName,
  kinds: ReadonlyMap<string, PackageKind>,
  below: ReadonlyMap<string, readonly DatasetName[]>,
  taken: ReadonlySet<string>,
  sources: ReadonlyMap<string, Dataset>,
  input: PlanInput,
): Members | undefined {
  const kind = kinds.get(top);
  if (!kind) return undefined;
  const inside: DatasetName[] = [];
  const outside: DatasetName[] = [];
  // What is new on both sides since the base has no base: the package brings it whole, so that nothing is looked for by
  // GUID. A new clone would be looked for by its origin's.
  const fitsIn = (own: PackageKind, name: DatasetName): boolean => {
    if (own.from === kind.from) return true;
    const source = sources.get(name);
    return own.from === undefined && source?.origin === undefined &&
      source?.snapshots.every((snapshot) => snapshot.name !== kind.from) === true;
  };
  const visit = (name: DatasetName): void => {
    const own = kinds.get(name);
    if (!own || taken.has(name) || own.to !== kind.to || own.raw !== kind.raw || !fitsIn(own, name)) {
      outside.push(name);
      return;
    }
    inside.push(name);
    for (const child of below.get(name) ?? []) visit(child);
  };
  visit(top);
  if (outside.length > (input.canExclude ? maxExcluded : 0)) return undefined;
  // A clone's origin must be in the same package: one left out would not be there when the clone arrives.
  const set = new Set<string>(inside);
  const originOf = (name: DatasetName): string | undefined => sources.get(name)?.origin?.split("@", 1)[0];
  const origins = inside.map(originOf).filter((origin) => origin !== undefined);
  if (kind.from === undefined && origins.some((origin) => !set.has(origin))) return undefined;
  if (origins.some((origin) => set.has(origin)) && isCircular(inside, originOf)) return undefined;
  return { inside, outside };
}

/**
 * Whether `zfs send -R` would never end: it sends a dataset after its parent and after its origin, and a parent may be a
 * clone of what lies below it (`dump_filesystems` in OpenZFS's libzfs_sendrecv.c).
 */
function isCircular(names: readonly DatasetName[], originOf: (name: DatasetName) => string | undefined): boolean {
  let waiting = new Set<string>(names);
  for (let before = waiting.size + 1; waiting.size > 0 && waiting.size < before;) {
    before = waiting.size;
    const isBlocked = (name: string | undefined): boolean => name !== undefined && waiting.has(name);
    const left = names.filter((name) => waiting.has(name) && (isBlocked(parentOf(name)) || isBlocked(originOf(name))));
    waiting = new Set(left);
  }
  return waiting.size > 0;
}

function packageStep(
  entry: DatasetPlan,
  kind: PackageKind,
  inside: readonly DatasetPlan[],
  outside: readonly DatasetName[],
  sources: ReadonlyMap<string, Dataset>,
): Step {
  return {
    kind: "package",
    dataset: entry.dataset,
    target: entry.target,
    from: kind.from,
    to: kind.to,
    raw: kind.raw,
    excluded: outside,
    members: inside.map((plan): PackageMember => {
      const last = plan.plan.kind === "steps" ? plan.plan.steps.at(-1) : undefined;
      if (!last || !isStream(last) || last.kind === "package") throw new RangeError(`${plan.dataset} has no stream`);
      const from = kind.from === undefined
        ? undefined
        : sources.get(plan.dataset)?.snapshots.find(({ name }) => name === kind.from);
      return { dataset: plan.dataset, target: plan.target, type: last.type, to: last.to, from };
    }),
  };
}
