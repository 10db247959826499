/**
 * Two machines with a history, and replications in between that are held to their promises.
 *
 * @module
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { planPromotions } from "../../../src/core/plan/follow/promotion_planner.ts";
import type { PlanInput } from "../../../src/core/plan/plan_input.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { isStream, type Step, streamMembers, type TreePlan } from "../../../src/core/plan/step.ts";
import { bookmarkName, isBzmanBookmarkFor, targetKey } from "../../../src/zfs/names/bzman_names.ts";
import { parseGuid } from "../../../src/zfs/names/names.ts";
import { apply, isBelow, onSource, onTarget, type Operation } from "./history.ts";
import { Machine, within, ZfsError } from "./machine.ts";
import { inputOf, type Job, named, play } from "./play.ts";
import { allArrived, conflictsUntouched, goalOf, nothingLost, remember } from "./promises.ts";

/** A replication in a history. */
export interface Replication {
  readonly side: "replicate";
  /** Ends the play within this step, after so many whole snapshots; beyond the last step it is not cut. */
  readonly cut: { readonly step: number; readonly after: number } | undefined;
}

/** What may differ from history to history. */
export interface Setting {
  readonly tops: readonly [source: string, target: string];
  readonly raw: "auto" | "always" | "never";
  readonly onDivergence: "refuse" | "rollback" | "keep-both";
  readonly onForeign: "refuse" | "keep-both";
  readonly holds: boolean;
  readonly packages: boolean;
  readonly canExclude: boolean;
  readonly leftOut: readonly string[];
  /** The target's pool is encrypted: not, with its key loaded, or locked. */
  readonly targetKey: "none" | "loaded" | "locked";
}

/** Any setting; mostly the usual one. */
export const anySetting: fc.Arbitrary<Setting> = fc.record({
  tops: fc.constantFrom(["tank", "back/t"], ["tank", "back"], ["tank/s", "back/p/q/s"], ["tank/s", "back"]),
  raw: fc.constantFrom("auto", "auto", "auto", "never", "always"),
  onDivergence: fc.constantFrom("refuse", "rollback", "keep-both"),
  onForeign: fc.constantFrom("refuse", "keep-both"),
  holds: fc.constantFrom(true, true, true, false),
  packages: fc.constantFrom(true, true, true, false),
  canExclude: fc.constantFrom(true, true, false),
  leftOut: fc.constantFrom([], [], [], ["c"]),
  targetKey: fc.constantFrom("none", "none", "none", "none", "loaded", "locked"),
});

const replication: fc.Arbitrary<Replication> = fc.record({
  side: fc.constant("replicate" as const),
  cut: fc.option(fc.record({ step: fc.nat(4), after: fc.nat(3) }), { nil: undefined, freq: 3 }),
});

/** Any history; the source is busier than the target. */
export const anyHistory: fc.Arbitrary<readonly (Operation | Replication)[]> = fc.array(
  fc.oneof(
    { arbitrary: onSource, weight: 10 },
    { arbitrary: onTarget, weight: 2 },
    { arbitrary: replication, weight: 3 },
  ),
  { minLength: 5, maxLength: 60, size: "max" },
);

/** Two machines and the job between them. */
export class World {
  readonly job: Job;
  readonly #source = new Machine(1, "tank");
  readonly #target = new Machine(2, "back", "other");
  readonly #count: (what: string) => void;
  #now = Date.UTC(2026, 10, 22);

  /** @param count Is told of every step that was played and every conflict. */
  constructor(setting: Setting, count: (what: string) => void) {
    const [sourceTop, targetTop] = setting.tops;
    this.#count = count;
    if (sourceTop !== "tank") this.#source.create(sourceTop);
    const pool = this.#target.get("back");
    if (setting.targetKey !== "none") {
      pool.keyRoot = pool;
      pool.keyLoaded = setting.targetKey === "loaded";
    }
    this.job = {
      source: this.#source,
      target: this.#target,
      sourceTop: named(sourceTop),
      targetTop: named(targetTop),
      policy: setting,
      packages: setting.packages,
      canExclude: setting.canExclude,
      isExcluded: (name) => isBelow(name, sourceTop, setting.leftOut),
    };
  }

  /** Lets a history happen, and replicates at its end. */
  live(history: readonly (Operation | Replication)[]): void {
    for (const entry of [...history, { side: "replicate", cut: undefined } as const]) {
      this.#now += 1_000;
      if (entry.side === "replicate") this.replicate(entry.cut);
      else if (entry.side === "source") apply(entry, this.#source, this.job.sourceTop, this.#now);
      else apply(entry, this.#target, this.job.targetTop, this.#now);
    }
  }

  /** Plans, plays, and holds the outcome to the promises. */
  replicate(cut: Replication["cut"]): void {
    const input = inputOf(this.job, this.#now);
    const plan = planTree(input);
    assert.deepEqual(planTree(shuffled(input)), plan, "the same input in another order gives another plan");
    conflictsUntouched(plan);
    for (const { plan: own } of plan.datasets) this.#count(own.kind === "conflict" ? own.conflict.kind : own.kind);
    const before = remember(this.#target);
    const { played, isCut, failed } = this.#play(plan, cut);
    nothingLost(before, this.#target, played);
    if (isCut || failed) return;
    allArrived(input, plan, this.#target);
    this.#mark(input, plan);
    const second = this.#afterPromotions(input, plan);
    const conflicts = plan.datasets.filter((entry) => entry.plan.kind === "conflict").map(({ target }) => target);
    // What is set aside makes room for what could not come before; two that can exchange their names now take all below
    // along, and it comes back, or what was there before takes its place.
    const moved = second.steps.filter((step) =>
      (step.kind === "rename" || step.kind === "set-aside") &&
      conflicts.some((name) => within(step.target, name) || step.as === name)
    );
    const isDisturbed = (target: string): boolean =>
      conflicts.some((name) => name === target) ||
      moved.some((step) => within(target, step.target) || ("as" in step && within(target, step.as)));
    for (const { dataset, target, plan: own } of second.datasets) {
      const text = JSON.stringify(own, (_, value) => typeof value === "bigint" ? String(value) : value);
      assert.ok(own.kind === "up-to-date" || isDisturbed(target), `${dataset} is not done: ${text}`);
    }
    for (const step of second.steps) {
      const isDue = isStream(step)
        ? streamMembers(step).every(({ target }) => isDisturbed(target))
        : moved.includes(step) || isDisturbed(step.target) || (step.kind === "promote" && isDisturbed(step.from));
      assert.ok(isDue, `a second plan has nothing to do, but ${step.kind}`);
    }
  }

  /**
   * The next plan. Promotions come before it where an origin's dataset had no newer snapshot yet, something was a half, would have
   * been in conflict, or was rolled back since.
   */
  #afterPromotions(first: PlanInput, plan: TreePlan): TreePlan {
    const { steps, barred } = planPromotions(first);
    const waits = barred.some(({ bar }) => bar.kind === "not-yet" || bar.kind === "bare" || bar.kind === "names") ||
      steps.length > plan.steps.filter(({ kind }) => kind === "promote").length;
    let next = planTree(inputOf(this.job, this.#now));
    for (let more = 0; waits && more < 5 && next.steps.length > 0; more++) {
      if (!next.steps.every(({ kind }) => kind === "promote")) break;
      const before = remember(this.#target);
      const { played } = this.#play(next, undefined);
      nothingLost(before, this.#target, played);
      next = planTree(inputOf(this.job, this.#now));
    }
    return next;
  }

  #play(plan: TreePlan, cut: Replication["cut"]): { played: readonly Step[]; isCut: boolean; failed: boolean } {
    const played: Step[] = [];
    let failed = false;
    const lost: string[] = [];
    // Nothing tells whether a half copy went into what was there and empty, where that was written to since, or gets another
    // name just now.
    const overThere = new Map(
      [...this.#target.datasets.values()].filter(({ partial }) => partial?.forced)
        .map((dataset) => [dataset, dataset.content === 0 ? dataset.name : undefined]),
    );
    for (const [i, step] of plan.steps.entries()) {
      if (lost.some((name) => within(step.target, name))) continue;
      played.push(step);
      try {
        play(step, this.job, cut?.step === i ? { after: cut.after } : undefined);
        this.#count(step.kind === "rename" && step.as.includes("-moving-") ? "rename in a swap" : step.kind);
      } catch (error) {
        if (!(error instanceof ZfsError)) throw error;
        if (cut?.step === i && isStream(step)) return { played, isCut: true, failed };
        // No listing tells beforehand that somebody holds or cloned what a rollback would take away, or that a clone lies
        // outside its encryption root and can have no other name.
        // What was cloned from such a dataset fails with it.
        const there = this.#target.datasets.get(step.target);
        const mayFail = step.kind === "rollback" || /leave its encryption root/.test(error.message) ||
          (there !== undefined && overThere.has(there) && overThere.get(there) !== step.target &&
            /must specify -F to overwrite it/.test(error.message)) ||
          (failed && /local origin for clone/.test(error.message));
        if (!mayFail) throw new Error(`${JSON.stringify(describe(step))}: ${error.message}`, { cause: error });
        played.pop();
        lost.push("as" in step ? step.as : step.target, step.target);
        failed = true;
      }
    }
    return { played, isCut: false, failed };
  }

  /** What the engine does after a run that succeeded: a bookmark of what arrived, the older one goes. */
  #mark(input: PlanInput, plan: TreePlan): void {
    const { targetTop } = this.job;
    const pool = this.#target.get(targetTop.split("/", 1)[0] ?? "");
    const key = targetKey(parseGuid(String(pool.guid)), targetTop);
    for (const { dataset, target, plan: own } of plan.datasets) {
      if (own.kind === "conflict") continue;
      const source = this.#source.get(dataset);
      const newest = goalOf(own, input, target, plan.steps);
      const wanted = bookmarkName(key, parseGuid(newest ?? "0"));
      const snapshot = source.snapshots.find(({ guid }) => String(guid) === newest);
      if (snapshot && !source.bookmarks.some(({ name }) => name === wanted)) {
        source.bookmarks.push({ name: wanted, guid: snapshot.guid, createtxg: snapshot.createtxg });
      }
      source.bookmarks = source.bookmarks.filter(({ name }) => name === wanted || !isBzmanBookmarkFor(name, key));
    }
  }
}

/** A step without its versions, for messages. */
function describe(step: Step): unknown {
  return JSON.parse(
    JSON.stringify(step, (name, value) => name === "createtxg" || typeof value === "bigint" ? undefined : value),
  );
}

/** The same input, its lists turned round. */
function shuffled(input: PlanInput): PlanInput {
  return {
    ...input,
    source: input.source.toReversed(),
    excluded: input.excluded.toReversed(),
    targetAncestors: input.targetAncestors.toReversed(),
  };
}
