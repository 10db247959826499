/**
 * What a run does when all has arrived that will: it lets go of holds, marks snapshots whose stream could not, and bookmarks
 * what arrived.
 *
 * @module
 */

import { isBzmanBookmarkFor } from "../../zfs/names/bzman_names.ts";
import type { Dataset } from "../../zfs/names/dataset.ts";
import type { DatasetName } from "../../zfs/names/names.ts";
import { fullName } from "../../zfs/names/version.ts";
import { placeAfter } from "../plan/follow/rename_planner.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import type { TreePlan } from "../plan/step.ts";
import type { ReplicateInput, ReplicatePorts } from "../run/input.ts";
import type { RunState } from "../run/run_state.ts";
import { lastCompleted } from "./bookmark_cursor.ts";
import {
  type Bookmarked,
  bookmarkReceived,
  type ProtectContext,
  type ReceivedVersion,
  releaseAll,
} from "./holds_and_bookmarks.ts";
import { mayBeHeld, mayBeHeldAtFirst, overtaken, releaseStale } from "./stale_holds.ts";
import { findUntaggedCandidates, tagReceived, type UntaggedCandidate } from "./tag_received.ts";

/** What it needs of a run. */
export interface ReceivedRun {
  readonly input: Pick<ReplicateInput, "prefix" | "targetTop">;
  readonly ports: Pick<ReplicatePorts, "source" | "target" | "signal" | "listener">;
  readonly planInput: PlanInput;
  /** What was planned from it: its renames tell which copy a dataset had at the beginning. */
  readonly plan: Pick<TreePlan, "steps">;
  readonly runState: RunState;
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

export async function protectReceived(run: ReceivedRun): Promise<Protected> {
  const { runState, protect, input: { prefix } } = run;
  const planInput = { ...run.planInput, target: afterRenames(run.planInput.target, run.plan) };
  const { key } = protect;
  const sources = new Map(planInput.source.map((dataset) => [dataset.name, dataset]));
  const targets = new Map(planInput.target.map((dataset) => [dataset.name, dataset]));
  const received = runState.datasets.flatMap((state) => {
    const dataset = sources.get(state.dataset);
    return dataset && state.at ? [{ dataset, at: state.at, target: state.target }] : [];
  });
  const begun = planInput.tokens.size > 0 || planInput.target.some(({ snapshots }) => snapshots.length > 0) ||
    planInput.source.some(({ bookmarks }) => bookmarks.some(({ name }) => isBzmanBookmarkFor(name, key)));
  const stale = begun
    ? received.map(({ dataset, at, target }) => mayBeHeld(dataset, at, targets.get(target), key))
    : [mayBeHeldAtFirst(received, planInput.sourceTop)];
  await releaseStale(stale, protect);
  await releaseAll(overtaken(runState).map(fullName), protect);

  const candidates = findUntaggedCandidates(planInput, runState.datasets, prefix, key);
  // Marking may take minutes. Where it is cut short, an older bookmark beside the new one, or none at all, sends the next run to look.
  const untagged = new Set(resumeMarkersFor(candidates, sources, key).map(({ dataset }) => dataset));
  const failed = new Map(await bookmarkReceived(received.filter(({ dataset }) => !untagged.has(dataset)), protect));
  const { open, waiting } = await tagReceived(candidates, run);
  const untaggedLast = received.filter(({ dataset }) => untagged.has(dataset));
  for (const [dataset, why] of await bookmarkReceived(untaggedLast, protect)) failed.set(dataset, why);
  // Where this fails marks are lost; the chain is safe.
  await bookmarkReceived(resumeMarkersFor(open, sources, key), protect);
  const looksFrom = new Map(open.toReversed().map(({ snapshot }) => [snapshot.dataset, snapshot]));
  return {
    failures: [...failed].map(([dataset, why]) => `${dataset}: ${why}`),
    waiting,
    bookmarked: received.filter(({ dataset }) => !failed.has(dataset.name)).map((one) => {
      const from = looksFrom.get(one.dataset.name);
      return { ...one, resumeMarker: from && lastCompleted(one.dataset, from, key) };
    }),
  };
}

/** The target's datasets as they were listed, under the names that the plan gives them. */
function afterRenames(target: readonly Dataset[], { steps }: Pick<TreePlan, "steps">): readonly Dataset[] {
  if (!steps.some(({ kind }) => kind === "rename")) return target;
  return target.map((dataset) => ({ ...dataset, name: placeAfter(dataset.name, steps) }));
}

/** The bookmarks of the oldest of them that say "look from here on", where no older bookmark of this target says so. */
function resumeMarkersFor(
  untagged: readonly UntaggedCandidate[],
  sources: ReadonlyMap<DatasetName, Dataset>,
  key: string,
): ReceivedVersion[] {
  return [...Map.groupBy(untagged, ({ snapshot }) => snapshot.dataset)].flatMap(([name, [first]]) => {
    const dataset = sources.get(name);
    if (!dataset || !first) return [];
    return lastCompleted(dataset, first.snapshot, key) ? [] : [{ dataset, at: first.snapshot }];
  });
}
