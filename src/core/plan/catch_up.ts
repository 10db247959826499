/**
 * Encrypted datasets that lag behind their tree, or are not there yet, are brought to the base of its package first and then
 * travel in it. Alone, a raw stream makes an encryption root of every dataset; only the receiver of a package that begins
 * at the root sees which of them inherit their key, and puts that right (seen on OpenZFS 2.3).
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { parentOf } from "../../zfs/names/names.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import { type DatasetPlan, isStream, type Step } from "./step.ts";

/** What all members of a package share. */
export interface PackageKind {
  /** The part behind `@` of its base; `undefined`: all members are new. */
  readonly from: string | undefined;
  readonly to: string;
  readonly raw: boolean;
}

/** A dataset that can join the package of its parent. */
export interface CatchUp {
  /** What has to be done before. */
  readonly before: DatasetPlan;
  readonly kind: PackageKind;
}

/**
 * Finds them.
 *
 * @param plans Parents before children.
 * @param kinds What the uniform datasets would travel in.
 */
export function catchUp(
  plans: readonly DatasetPlan[],
  kinds: ReadonlyMap<string, PackageKind>,
  sources: ReadonlyMap<string, Dataset>,
  targets: ReadonlyMap<string, Dataset>,
): Map<string, CatchUp> {
  const behind = new Map<string, CatchUp>();
  for (const entry of plans) {
    const parent = parentOf(entry.dataset);
    const kind = parent === undefined ? undefined : behind.get(parent)?.kind ?? kinds.get(parent);
    const source = sources.get(entry.dataset);
    if (!kind?.raw || kind.from === undefined || !source || entry.plan.kind !== "steps") continue;
    const base = source.snapshots.find(({ name }) => name === kind.from);
    if (!base || !isPlain(source, targets.get(entry.target))) continue;
    const steps = stepsUpTo(base, entry.plan.steps, kind.to);
    if (steps) behind.set(entry.dataset, { before: { ...entry, plan: { kind: "steps", steps } }, kind });
  }
  return behind;
}

/** Whether the receiver finds nothing to promote or to rename. */
function isPlain(source: Dataset, target: Dataset | undefined): boolean {
  if (source.origin !== undefined || target?.origin !== undefined) return false;
  const names = new Map(target?.snapshots.map(({ guid, name }) => [guid, name]));
  return source.snapshots.every(({ guid, name }) => (names.get(guid) ?? name) === name);
}

/** The steps cut at the base, when what follows it is one stream to `to`. */
function stepsUpTo(base: Snapshot, steps: readonly Step[], to: string): Step[] | undefined {
  const last = steps.at(-1);
  if (last?.kind !== "incremental" || last.from.kind !== "snapshot" || !last.intermediates) return undefined;
  if (last.to.name !== to || last.from.createtxg > base.createtxg || base.createtxg >= last.to.createtxg) {
    return undefined;
  }
  const before = steps.slice(0, -1);
  if (![...before, last].every((step) => isStream(step) && step.kind !== "package" && step.raw)) return undefined;
  if (last.from.guid !== base.guid) return [...before, { ...last, to: base }];
  return before.length > 0 ? before : undefined;
}
