/**
 * What a run does when all has arrived that will: it lets go of holds, marks snapshots whose stream could not, and bookmarks
 * what arrived.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import type { DatasetName } from "../../zfs/names.ts";
import { isOwnBookmark } from "../../zfs/own_names.ts";
import { fullName } from "../../zfs/version.ts";
import { placeAfter } from "../plan/follow_renames.ts";
import type { PlanInput } from "../plan/plan_tree.ts";
import type { TreePlan } from "../plan/step.ts";
import type { ReplicateInput, ReplicatePorts } from "./input.ts";
import { findMaybeUnmarked, markUnmarked, type MaybeUnmarked } from "./mark_arrived.ts";
import { type Arrived, bookmarkArrived, type Bookmarked, type ProtectContext, releaseAll } from "./protect.ts";
import { mayBeHeld, mayBeHeldAtFirst, overtaken, releaseStale } from "./stale_holds.ts";
import type { Tally } from "./tally.ts";
import { lastEnded } from "./unfinished.ts";

/** What it needs of a run. */
export interface ArrivedRun {
  readonly input: Pick<ReplicateInput, "prefix" | "targetTop">;
  readonly ports: Pick<ReplicatePorts, "source" | "target" | "signal" | "listener">;
  readonly planInput: PlanInput;
  /** What was planned from it: its renames tell which copy a dataset had at the beginning. */
  readonly plan: Pick<TreePlan, "steps">;
  readonly tally: Tally;
  /** Whether channel programs can be used on the target. */
  readonly isRoot: boolean;
  readonly protect: ProtectContext;
}

/** What became of the bookmarks. */
export interface Protected {
  /** What could not be bookmarked, in words; empty when all is well. */
  readonly failures: readonly string[];
  readonly bookmarked: readonly Bookmarked[];
  /** Full names of snapshots of the source whose copies wait for their marks: until then the source must not let go of them. */
  readonly waiting: ReadonlySet<string>;
}

/** Does it. */
export async function protectArrived(run: ArrivedRun): Promise<Protected> {
  const { tally, protect, input: { prefix } } = run;
  const planInput = { ...run.planInput, target: afterRenames(run.planInput.target, run.plan) };
  const { key } = protect;
  const sources = new Map(planInput.source.map((dataset) => [dataset.name, dataset]));
  const targets = new Map(planInput.target.map((dataset) => [dataset.name, dataset]));
  const arrived = tally.accounts.flatMap((account) => {
    const dataset = sources.get(account.dataset);
    return dataset && account.at ? [{ dataset, at: account.at, target: account.target }] : [];
  });
  const begun = planInput.tokens.size > 0 || planInput.target.some(({ snapshots }) => snapshots.length > 0) ||
    planInput.source.some(({ bookmarks }) => bookmarks.some(({ name }) => isOwnBookmark(name, key)));
  const stale = begun
    ? arrived.map(({ dataset, at, target }) => mayBeHeld(dataset, at, targets.get(target), key))
    : [mayBeHeldAtFirst(arrived, planInput.sourceTop)];
  await releaseStale(stale, protect);
  await releaseAll(overtaken(tally).map(fullName), protect);

  const candidates = findMaybeUnmarked(planInput, tally.accounts, prefix, key);
  // Marking may take minutes. Where it is cut short, an older bookmark beside the new one, or none at all, sends the next run to look.
  const late = new Set(signsFor(candidates, sources, key).map(({ dataset }) => dataset));
  const failed = new Map(await bookmarkArrived(arrived.filter(({ dataset }) => !late.has(dataset)), protect));
  const { open, waiting } = await markUnmarked(candidates, run);
  const lateOnes = arrived.filter(({ dataset }) => late.has(dataset));
  for (const [dataset, why] of await bookmarkArrived(lateOnes, protect)) failed.set(dataset, why);
  // Where this fails marks are lost; the chain is safe.
  await bookmarkArrived(signsFor(open, sources, key), protect);
  const looksFrom = new Map(open.toReversed().map(({ snapshot }) => [snapshot.dataset, snapshot]));
  return {
    failures: [...failed].map(([dataset, why]) => `${dataset}: ${why}`),
    waiting,
    bookmarked: arrived.filter(({ dataset }) => !failed.has(dataset.name)).map((one) => {
      const from = looksFrom.get(one.dataset.name);
      return { ...one, sign: from && lastEnded(one.dataset, from, key) };
    }),
  };
}

/** The target's datasets as they were listed, under the names that the plan gives them. */
function afterRenames(target: readonly Dataset[], { steps }: Pick<TreePlan, "steps">): readonly Dataset[] {
  if (!steps.some(({ kind }) => kind === "rename")) return target;
  return target.map((dataset) => ({ ...dataset, name: placeAfter(dataset.name, steps) }));
}

/** The bookmarks of the oldest of them that say "look from here on", where no older bookmark of this target says so. */
function signsFor(
  unmarked: readonly MaybeUnmarked[],
  sources: ReadonlyMap<DatasetName, Dataset>,
  key: string,
): Arrived[] {
  return [...Map.groupBy(unmarked, ({ snapshot }) => snapshot.dataset)].flatMap(([name, [first]]) => {
    const dataset = sources.get(name);
    if (!dataset || !first) return [];
    return lastEnded(dataset, first.snapshot, key) ? [] : [{ dataset, at: first.snapshot }];
  });
}
