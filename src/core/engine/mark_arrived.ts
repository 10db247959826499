/**
 * Marks what arrived of bzman's own snapshots where the stream could not carry their property, so that retention knows
 * them on the target: the rest of a stream that was cut (`zfs send -t`) has no properties, nor has that of an encrypted
 * dataset that is sent readable.
 *
 * @module
 */

import { markArrived } from "../../zfs/change.ts";
import type { Dataset } from "../../zfs/dataset.ts";
import { arrivedProperty, snapshotProperty, snapshotTime } from "../../zfs/own_names.ts";
import { fullName } from "../../zfs/version.ts";
import { newestCommon } from "../plan/common_version.ts";
import type { PlanInput } from "../plan/plan_tree.ts";
import { firstLines } from "./ask.ts";
import { inBatches } from "./batches.ts";
import type { ReplicateInput, ReplicatePorts } from "./input.ts";
import { type Properties, readProperties } from "./snapshot_properties.ts";
import type { Account } from "./tally.ts";
import { lastEnded } from "./unfinished.ts";

const limitMs = 10 * 60_000;

/** A snapshot of bzman that may lack its property on the target. */
export interface MaybeUnmarked {
  /** Its full name on the source. */
  readonly source: string;
  /** Its full name on the target. */
  readonly target: string;
  readonly guid: string;
}

/**
 * Finds them in one dataset; none where every stream since the last run that ended carried properties.
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
  const ended = base && lastEnded(dataset, base, key);
  // A run that was killed may have received the rest of a stream, and did not come to mark it.
  const isUnfinished = base !== undefined && ended?.guid !== base.guid;
  if (!isDecrypted && !isUnfinished && !kinds.includes("resume")) return [];
  const since = ended?.createtxg ?? -1n;
  return dataset.snapshots.filter(({ name, createtxg }) =>
    createtxg > since && createtxg <= at.createtxg && snapshotTime(name, prefix, false) !== undefined
  ).map((snapshot) => ({
    source: fullName(snapshot),
    target: fullName({ ...snapshot, dataset: account.target }),
    guid: snapshot.guid,
  }));
}

/** Those of them that carry the property on the source, and none on the target; by full name there. */
export function unmarked(
  candidates: readonly MaybeUnmarked[],
  here: ReadonlyMap<string, Properties>,
  there: ReadonlyMap<string, Properties>,
  prefix: string,
): string[] {
  const isMarked = (found: Properties | undefined): boolean =>
    [snapshotProperty, arrivedProperty].some((property) => found?.get(property) === prefix);
  return candidates.filter(({ source, target, guid }) => {
    const found = there.get(target);
    return found?.get("guid") === guid && !isMarked(found) && isMarked(here.get(source));
  }).map(({ target }) => target);
}

/** What marking needs of a run. */
export interface MarkRun {
  readonly input: Pick<ReplicateInput, "prefix">;
  readonly ports: Pick<ReplicatePorts, "source" | "target" | "signal" | "listener">;
  readonly planInput: Pick<PlanInput, "source" | "target">;
  readonly accounts: readonly Readonly<Account>[];
  readonly key: string;
}

/** Marks them. What fails is told and lived with: retention leaves such snapshots alone. */
export async function markUnmarked(run: MarkRun): Promise<void> {
  const { ports: { source, target, signal, listener }, planInput, input: { prefix } } = run;
  const sources = new Map(planInput.source.map((dataset) => [dataset.name, dataset]));
  const targets = new Map(planInput.target.map((dataset) => [dataset.name, dataset]));
  const candidates = run.accounts.flatMap((account) => {
    const dataset = sources.get(account.dataset);
    return dataset ? mayBeUnmarked(dataset, targets.get(account.target), account, prefix, run.key) : [];
  });
  if (candidates.length === 0) return;
  const properties = [snapshotProperty, arrivedProperty, "guid"];
  const failed = (why: string): void =>
    listener({ kind: "note", level: "warning", text: `retention will not know snapshots that arrived: ${why}` });
  try {
    const [here, there] = await Promise.all([
      readProperties(source, candidates.map((one) => one.source), properties, signal),
      readProperties(target, candidates.map((one) => one.target), properties, signal),
    ]);
    for (const batch of inBatches(unmarked(candidates, here, there, prefix))) {
      const outcome = await target.run(markArrived(batch, prefix), { signal, timeoutMs: limitMs });
      if (outcome.status !== 0) return failed(firstLines(outcome.stderr) || "zfs set failed");
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    failed(error.message);
  }
}
