/**
 * Marks what arrived of bzman's own snapshots where the stream could not carry their property, so that retention knows
 * them on the target: the rest of a stream that was cut (`zfs send -t`) has no properties, nor has that of an encrypted
 * dataset that is sent readable.
 *
 * @module
 */

import { receivedTagProperty, snapshotProperty, snapshotTime } from "../../zfs/names/bzman_names.ts";
import type { Dataset } from "../../zfs/names/dataset.ts";
import { poolOf } from "../../zfs/names/names.ts";
import { fullName, type Snapshot } from "../../zfs/names/version.ts";
import { newestCommon } from "../inspect/common_version.ts";
import { type Properties, readProperties } from "../inspect/snapshot_properties.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import type { DatasetState } from "../run/dataset_state.ts";
import type { ReplicateInput, ReplicatePorts } from "../run/input.ts";
import { lastTagged } from "./bookmark_cursor.ts";
import { setTags } from "./set_tags.ts";

/** A snapshot of bzman that may lack its property on the target. */
export interface UntaggedCandidate {
  /** On the source. */
  readonly snapshot: Snapshot;
  /** Its full name on the target. */
  readonly target: string;
}

/**
 * Finds them in one dataset, the oldest first; none where every stream since the last run that marked all carried
 * properties.
 *
 * @param dataset On the source, with the snapshots of this run.
 * @param target As it was at the beginning; `undefined` when it was not there.
 * @param key The target's key.
 */
export function untaggedCandidates(
  dataset: Dataset,
  target: Dataset | undefined,
  state: Pick<DatasetState, "target" | "at" | "plan" | "kinds">,
  prefix: string,
  key: string,
): UntaggedCandidate[] {
  const { at, plan, kinds } = state;
  if (at === undefined) return [];
  const isDecrypted = plan.kind === "steps" && plan.steps.some((step) => "decrypted" in step && step.decrypted);
  const base = target && newestCommon(dataset, target)?.source;
  const tagged = base && lastTagged(dataset, base, key);
  // A run that was killed, or lost the target, may have received the rest of a stream, and did not come to mark it.
  const isUnfinished = base !== undefined && tagged?.guid !== base.guid;
  if (!isDecrypted && !isUnfinished && !kinds.includes("resume")) return [];
  // That bookmark may be of the oldest that was left unmarked.
  const since = tagged?.createtxg ?? -1n;
  return dataset.snapshots.filter(({ name, createtxg }) =>
    createtxg >= since && createtxg <= at.createtxg && snapshotTime(name, prefix, false) !== undefined
  ).map((snapshot) => ({
    snapshot,
    target: fullName({ ...snapshot, dataset: state.target }),
  }));
}

/** Finds them in all datasets, the oldest first: of many, those are marked first that the source lets go of first. */
export function findUntaggedCandidates(
  input: Pick<PlanInput, "source" | "target">,
  states: readonly Readonly<DatasetState>[],
  prefix: string,
  key: string,
): UntaggedCandidate[] {
  const sources = new Map(input.source.map((dataset) => [dataset.name, dataset]));
  const targets = new Map(input.target.map((dataset) => [dataset.name, dataset]));
  return states.flatMap((state) => {
    const dataset = sources.get(state.dataset);
    return dataset ? untaggedCandidates(dataset, targets.get(state.target), state, prefix, key) : [];
  }).toSorted((a, b) => Number(a.snapshot.createtxg - b.snapshot.createtxg));
}

/** Those of them that carry the property on the source, and none on the target. */
export function needTag(
  candidates: readonly UntaggedCandidate[],
  here: ReadonlyMap<string, Properties>,
  there: ReadonlyMap<string, Properties>,
  prefix: string,
): UntaggedCandidate[] {
  const isTagged = (found: Properties | undefined): boolean =>
    [snapshotProperty, receivedTagProperty].some((property) => found?.get(property) === prefix);
  return candidates.filter(({ snapshot, target }) => {
    const found = there.get(target);
    return found?.get("guid") === snapshot.guid && !isTagged(found) && isTagged(here.get(fullName(snapshot)));
  });
}

/** What marking needs of a run. */
export interface TagRun {
  readonly input: Pick<ReplicateInput, "prefix" | "targetTop">;
  readonly ports: Pick<ReplicatePorts, "source" | "target" | "signal" | "listener">;
  /** Whether channel programs can be used on the target. */
  readonly isRoot: boolean;
}

/** What is left to the next run. */
export interface LeftUntagged {
  /** The oldest first. */
  readonly open: readonly UntaggedCandidate[];
  /** Those of them, by full name on the source, that may well be marked then, and must still be there to prove whose they are. */
  readonly waiting: ReadonlySet<string>;
}

/** Marks them. What fails is told and lived with: retention leaves such snapshots alone. */
export async function tagReceived(candidates: readonly UntaggedCandidate[], run: TagRun): Promise<LeftUntagged> {
  const { ports: { source, target, signal, listener }, input: { prefix, targetTop }, isRoot } = run;
  if (candidates.length === 0) return { open: [], waiting: new Set() };
  const properties = [snapshotProperty, receivedTagProperty, "guid"];
  const failed = (why: string): void =>
    listener({
      kind: "note",
      level: "warning",
      text: `some received snapshots could not be tagged; the next run tries again: ${why}`,
    });
  try {
    const [here, there] = await Promise.all([
      readProperties(source, candidates.map(({ snapshot }) => fullName(snapshot)), properties, signal),
      readProperties(target, candidates.map((one) => one.target), properties, signal),
    ]);
    const todo = needTag(candidates, here.found, there.found, prefix);
    const names = todo.map((one) => one.target);
    const tagged = await setTags(names, { host: target, pool: poolOf(targetTop), isRoot, prefix, signal });
    const why = here.why || there.why || tagged.why;
    if (why !== "") failed(why);
    if (tagged.postponed > 0) {
      const text = `${tagged.postponed} more received snapshots will be tagged by later runs`;
      listener({ kind: "note", level: "info", text });
    }
    const [refused, later] = [new Set(tagged.refused), new Set(tagged.waiting)];
    const waiting = candidates.filter((one) =>
      here.unanswered.has(fullName(one.snapshot)) || there.unanswered.has(one.target) || later.has(one.target)
    );
    const isWaiting = new Set(waiting);
    return {
      open: candidates.filter((one) => isWaiting.has(one) || refused.has(one.target)),
      waiting: new Set(waiting.map(({ snapshot }) => fullName(snapshot))),
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    failed(error.message);
    return { open: candidates, waiting: new Set() };
  }
}
