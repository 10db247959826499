/**
 * What is promised of a plan that is played: nothing that the target alone has is lost, what is in conflict is not touched,
 * everything else arrives.
 *
 * @module
 */

import assert from "node:assert/strict";
import { newestCommon } from "../../../src/core/inspect/common_version.ts";
import type { PlanInput } from "../../../src/core/plan/plan_input.ts";
import { isStream, type Plan, type Step, streamMembers, type TreePlan } from "../../../src/core/plan/step.ts";
import {
  type Machine,
  type ModelBookmark,
  type ModelDataset,
  type ModelSnapshot,
  type Partial,
  within,
} from "./machine.ts";

/** A dataset as it was. */
interface Was {
  readonly dataset: ModelDataset;
  readonly name: string;
  readonly content: number;
  readonly isModified: boolean;
  readonly origin: ModelSnapshot | undefined;
  readonly partial: Partial | undefined;
  readonly snapshots: readonly (readonly [snapshot: ModelSnapshot, name: string])[];
  readonly bookmarks: readonly ModelBookmark[];
}

/** Remembers all that a machine has. */
export function remember(machine: Machine): Was[] {
  return [...machine.datasets.values()].map((dataset) => ({
    dataset,
    name: dataset.name,
    content: dataset.content,
    isModified: machine.isModified(dataset),
    origin: dataset.origin,
    partial: dataset.partial,
    snapshots: dataset.snapshots.map((snapshot) => [snapshot, snapshot.name] as const),
    bookmarks: [...dataset.bookmarks],
  }));
}

/** The name of a dataset after the renames of some steps. */
function renamed(name: string, steps: readonly Step[]): string {
  let now = name;
  for (const step of steps) {
    if ((step.kind === "rename" || step.kind === "set-aside") && within(now, step.target)) {
      now = step.as + now.slice(step.target.length);
    }
  }
  return now;
}

/** What a promotion changed: the dataset that has each snapshot now, and each dataset's origin. */
interface Promoted {
  readonly owners: ReadonlyMap<ModelSnapshot, ModelDataset>;
  readonly origins: ReadonlyMap<ModelDataset, ModelSnapshot | undefined>;
}

/** What the promotions among some steps say, and no more. */
function promotedBy(before: readonly Was[], steps: readonly Step[]): Promoted {
  const owners = new Map(before.flatMap(({ dataset, snapshots }) => snapshots.map(([one]) => [one, dataset] as const)));
  const origins = new Map(before.map(({ dataset, origin }) => [dataset, origin]));
  for (const [i, step] of steps.entries()) {
    if (step.kind !== "promote") continue;
    const called = (name: string): ModelDataset =>
      before.find((was) => renamed(was.name, steps.slice(0, i)) === name)!.dataset;
    const [clone, from] = [called(step.target), called(step.from)];
    const origin = origins.get(clone)!;
    assert.equal(owners.get(origin), from, `${step.target} is no clone of ${step.from}`);
    const moving = [...owners].filter(([one, owner]) => owner === from && one.createtxg <= origin.createtxg);
    assert.deepEqual(moving.map(([{ guid }]) => String(guid)), step.moves.map(({ guid }) => guid), "other snapshots");
    for (const [snapshot] of moving) owners.set(snapshot, clone);
    origins.set(clone, origins.get(from));
    origins.set(from, origin);
  }
  return { owners, origins };
}

/**
 * The target still has all that it had, but for what the steps say in so many words.
 *
 * @param steps Those that were played, also the one that was cut.
 */
export function nothingLost(before: readonly Was[], machine: Machine, steps: readonly Step[]): void {
  const said = <K extends Step["kind"]>(kind: K, name: string): Extract<Step, { kind: K }> | undefined =>
    steps.find((step): step is Extract<Step, { kind: K }> => step.kind === kind && step.target === name);
  const touched = new Set<string>(
    steps.filter(isStream).flatMap((step) => streamMembers(step).map(({ target }) => target as string)),
  );
  const promoted = promotedBy(before, steps);
  for (const was of before) {
    const { dataset } = was;
    const name = renamed(was.name, steps);
    const moved = renamed(was.name, steps.filter(({ kind }) => kind === "rename"));
    const discarded = said("discard-partial", moved);
    if (discarded && was.partial?.isNew) continue;
    assert.equal(machine.datasets.get(dataset.name), dataset, `${was.name} was destroyed`);
    assert.equal(dataset.name, name, `${was.name} got another name`);
    const isTouched = touched.has(name);
    const rollback = said("rollback", moved);
    for (const [snapshot, part] of was.snapshots) {
      const isDiscarded = rollback?.discards.some(({ guid }) => guid === String(snapshot.guid)) ?? false;
      const owner = promoted.owners.get(snapshot)!;
      assert.equal(owner.snapshots.includes(snapshot), !isDiscarded, `${was.name}@${part}: destroyed, or not`);
      assert.equal(snapshot.name, part, `${was.name}@${part} got another name`);
    }
    if (!rollback) {
      for (const bookmark of was.bookmarks) assert.ok(dataset.bookmarks.includes(bookmark), "a bookmark");
    }
    assert.equal(dataset.origin, promoted.origins.get(dataset), `${was.name} was promoted, or its origin`);
    if (!rollback && (!isTouched || was.isModified)) {
      assert.equal(dataset.content, was.content, `what was written to ${was.name}`);
    }
    if (was.partial && !discarded && !isTouched) assert.equal(dataset.partial, was.partial, `the half of ${was.name}`);
  }
}

/** No step is about a dataset that is in conflict. */
export function conflictsUntouched(plan: TreePlan): void {
  const conflicts = new Set<string>(
    plan.datasets.filter((entry) => entry.plan.kind === "conflict").map(({ target }) => target),
  );
  for (const step of plan.steps) {
    const targets = isStream(step)
      ? streamMembers(step).map(({ target }) => target)
      : step.kind === "rename"
      ? []
      : step.kind === "promote"
      ? [step.target, step.from].map((name) => renamed(name, plan.steps.filter(({ kind }) => kind === "rename")))
      : [step.target];
    for (const target of targets) {
      assert.ok(!conflicts.has(target), `${step.kind} touches ${target}, which is in conflict`);
    }
    if (step.kind === "package") {
      for (const { dataset, target } of plan.datasets) {
        const inside = within(dataset, step.dataset) && !step.excluded.some((out) => within(dataset, out));
        assert.ok(!inside || !conflicts.has(target), `a package carries ${dataset}, which is in conflict`);
      }
    }
  }
}

/** The GUID that a dataset's target has after its plan. */
export function goalOf(plan: Plan, input: PlanInput, target: string, steps: readonly Step[]): string | undefined {
  if (plan.kind === "up-to-date") return plan.at.guid;
  const renames = steps.filter(({ kind }) => kind === "rename");
  const listed = input.target.find(({ name }) => renamed(name, renames) === target)?.snapshots.at(-1)?.guid;
  if (plan.kind === "conflict") return listed;
  const last = plan.steps.filter((step) => isStream(step) || step.kind === "rollback").at(-1);
  return last === undefined ? listed : last.kind === "package" ? undefined : last.to.guid;
}

/** Every dataset without a conflict has its newest version at its own name, and all between. */
export function allArrived(input: PlanInput, plan: TreePlan, machine: Machine): void {
  const sources = new Map(input.source.map((dataset) => [dataset.name, dataset]));
  for (const { dataset, target, plan: own } of plan.datasets) {
    if (own.kind === "conflict") continue;
    const source = sources.get(dataset)!;
    const there = machine.datasets.get(target);
    assert.ok(there, `${target} did not arrive`);
    assert.equal(there.type, source.type);
    assert.equal(there.partial, undefined, `${target} is still a half`);
    assert.equal(machine.isModified(there), false, `${target} is not at its newest version`);
    const newest = there.snapshots.at(-1);
    assert.equal(String(newest?.guid), goalOf(own, input, target, plan.steps), `${target} is at ${newest?.name}`);
    const isAnew = own.kind === "steps" && own.steps.some(({ kind }) => kind === "full" || kind === "clone");
    const renames = plan.steps.filter(({ kind }) => kind === "rename");
    const listed = isAnew ? undefined : input.target.find(({ name }) => renamed(name, renames) === target);
    const resumed = own.kind === "steps" ? own.steps.find((step) => step.kind === "resume") : undefined;
    // What went before a first copy that was cut may have moved here by a promotion since.
    const since = (listed && newestCommon(source, listed)?.source.createtxg) ?? (resumed?.to.createtxg ?? 0n) - 1n;
    const have = new Set(there.snapshots.map(({ guid }) => String(guid)));
    for (const snapshot of source.snapshots) {
      if (snapshot.createtxg > since) assert.ok(have.has(snapshot.guid), `${target}@${snapshot.name} was left out`);
    }
  }
}
