/**
 * Marks what arrived of bzman's own snapshots where the stream could not carry their property, so that retention knows
 * them on the target: the rest of a stream that was cut (`zfs send -t`) has no properties, nor has that of an encrypted
 * dataset that is sent readable.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import { poolOf } from "../../zfs/names.ts";
import { arrivedProperty, snapshotProperty, snapshotTime } from "../../zfs/own_names.ts";
import { fullName, type Snapshot } from "../../zfs/version.ts";
import { newestCommon } from "../plan/common_version.ts";
import type { PlanInput } from "../plan/plan_tree.ts";
import type { ReplicateInput, ReplicatePorts } from "./input.ts";
import { setMarks } from "./set_marks.ts";
import { type Properties, readProperties } from "./snapshot_properties.ts";
import type { Account } from "./tally.ts";
import { lastMarked } from "./unfinished.ts";

/** A snapshot of bzman that may lack its property on the target. */
export interface MaybeUnmarked {
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
export function mayBeUnmarked(
  dataset: Dataset,
  target: Dataset | undefined,
  account: Pick<Account, "target" | "at" | "plan" | "kinds">,
  prefix: string,
  key: string,
): MaybeUnmarked[] {
  const { at, plan, kinds } = account;
  if (at === undefined) return [];
  const isDecrypted = plan.kind === "steps" && plan.steps.some((step) => "decrypted" in step && step.decrypted);
  const base = target && newestCommon(dataset, target)?.source;
  const marked = base && lastMarked(dataset, base, key);
  // A run that was killed, or lost the target, may have received the rest of a stream, and did not come to mark it.
  const isUnfinished = base !== undefined && marked?.guid !== base.guid;
  if (!isDecrypted && !isUnfinished && !kinds.includes("resume")) return [];
  // That bookmark may be of the oldest that was left unmarked.
  const since = marked?.createtxg ?? -1n;
  return dataset.snapshots.filter(({ name, createtxg }) =>
    createtxg >= since && createtxg <= at.createtxg && snapshotTime(name, prefix, false) !== undefined
  ).map((snapshot) => ({
    snapshot,
    target: fullName({ ...snapshot, dataset: account.target }),
  }));
}

/** Finds them in all datasets, the oldest first: of many, those are marked first that the source lets go of first. */
export function findMaybeUnmarked(
  input: Pick<PlanInput, "source" | "target">,
  accounts: readonly Readonly<Account>[],
  prefix: string,
  key: string,
): MaybeUnmarked[] {
  const sources = new Map(input.source.map((dataset) => [dataset.name, dataset]));
  const targets = new Map(input.target.map((dataset) => [dataset.name, dataset]));
  return accounts.flatMap((account) => {
    const dataset = sources.get(account.dataset);
    return dataset ? mayBeUnmarked(dataset, targets.get(account.target), account, prefix, key) : [];
  }).toSorted((a, b) => Number(a.snapshot.createtxg - b.snapshot.createtxg));
}

/** Those of them that carry the property on the source, and none on the target. */
export function unmarked(
  candidates: readonly MaybeUnmarked[],
  here: ReadonlyMap<string, Properties>,
  there: ReadonlyMap<string, Properties>,
  prefix: string,
): MaybeUnmarked[] {
  const isMarked = (found: Properties | undefined): boolean =>
    [snapshotProperty, arrivedProperty].some((property) => found?.get(property) === prefix);
  return candidates.filter(({ snapshot, target }) => {
    const found = there.get(target);
    return found?.get("guid") === snapshot.guid && !isMarked(found) && isMarked(here.get(fullName(snapshot)));
  });
}

/** What marking needs of a run. */
export interface MarkRun {
  readonly input: Pick<ReplicateInput, "prefix" | "targetTop">;
  readonly ports: Pick<ReplicatePorts, "source" | "target" | "signal" | "listener">;
  /** Whether channel programs can be used on the target. */
  readonly isRoot: boolean;
}

/** What is left to the next run. */
export interface LeftUnmarked {
  /** The oldest first. */
  readonly open: readonly MaybeUnmarked[];
  /** Those of them, by full name on the source, that may well be marked then, and must still be there to prove whose they are. */
  readonly waiting: ReadonlySet<string>;
}

/** Marks them. What fails is told and lived with: retention leaves such snapshots alone. */
export async function markUnmarked(candidates: readonly MaybeUnmarked[], run: MarkRun): Promise<LeftUnmarked> {
  const { ports: { source, target, signal, listener }, input: { prefix, targetTop }, isRoot } = run;
  if (candidates.length === 0) return { open: [], waiting: new Set() };
  const properties = [snapshotProperty, arrivedProperty, "guid"];
  const failed = (why: string): void =>
    listener({
      kind: "note",
      level: "warning",
      text: `retention does not know all snapshots that arrived, the next run looks again: ${why}`,
    });
  try {
    const [here, there] = await Promise.all([
      readProperties(source, candidates.map(({ snapshot }) => fullName(snapshot)), properties, signal),
      readProperties(target, candidates.map((one) => one.target), properties, signal),
    ]);
    const todo = unmarked(candidates, here.found, there.found, prefix);
    const names = todo.map((one) => one.target);
    const marked = await setMarks(names, { host: target, pool: poolOf(targetTop), isRoot, prefix, signal });
    const why = here.why || there.why || marked.why;
    if (why !== "") failed(why);
    if (marked.postponed > 0) {
      const text =
        `retention will know ${marked.postponed} more snapshots that arrived when later runs have marked them`;
      listener({ kind: "note", level: "info", text });
    }
    const [refused, later] = [new Set(marked.refused), new Set(marked.waiting)];
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
