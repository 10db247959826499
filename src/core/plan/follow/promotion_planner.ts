/**
 * A clone that was promoted on the source is promoted on the target too, before anything is renamed or sent.
 *
 * `zfs promote` moves the origin and all older snapshots of the origin's dataset to the clone, and makes that dataset the clone.
 * Nothing is destroyed by it. It is still a change of two datasets, so it is made only where both are copies (`barOf`).
 *
 * @module
 */

import { isAnyBzmanSnapshot, isSetAsideName } from "../../../zfs/names/bzman_names.ts";
import type { Dataset } from "../../../zfs/names/dataset.ts";
import { type Guid, isWithin, maxNameBytes, moveName, parentOf } from "../../../zfs/names/names.ts";
import type { Snapshot } from "../../../zfs/names/version.ts";
import { newestCommon } from "../../inspect/common_version.ts";
import type { PlanInput } from "../plan_input.ts";
import type { PromoteStep } from "../step.ts";
import { afterPromotion } from "./after_promotion.ts";

export type PromotionInput = Pick<PlanInput, "sourceTop" | "targetTop" | "source" | "excluded" | "target" | "seen">;

/** Why a promotion is not followed. */
export type PromotionBlock =
  /** Snapshots would move that the source does not have, and was never seen to have. */
  | { readonly kind: "foreign-snapshots"; readonly snapshots: readonly Snapshot[] }
  /** The clone has other snapshots of these names, or they would be too long below its name. */
  | { readonly kind: "names"; readonly snapshots: readonly Snapshot[] }
  /** The origin's dataset is the copy of an excluded one, or was set aside. */
  | { readonly kind: "not-ours" }
  /** ZFS would have to wrap the key anew. */
  | { readonly kind: "key" }
  /** One of the two is a half: a later run promotes it. */
  | { readonly kind: "not-yet" }
  /** The origin's dataset would be left without a snapshot, and nothing could be received into it: once it has a newer one. */
  | { readonly kind: "bare" };

/** A clone that stays one for now. */
export interface BlockedPromotion {
  readonly step: PromoteStep;
  readonly bar: PromotionBlock;
}

/** The promotions, and the target's tree as it is after them. */
export interface Promotions {
  readonly steps: readonly PromoteStep[];
  readonly barred: readonly BlockedPromotion[];
  /** In the order of the listing. */
  readonly target: readonly Dataset[];
}

/**
 * Finds what was promoted: a clone on the target whose source has, as its own, the snapshot that the clone was made from. Of a
 * chain one promotion makes the next one possible.
 *
 * @param left Clones on the target, by name, that are not to be promoted.
 */
export function planPromotions(
  input: PromotionInput,
  left: ReadonlySet<string> = new Set(),
): Promotions {
  const owners = ownersOf([...input.source, ...input.excluded]);
  const sources = new Map<string, Dataset>(
    input.source.map((dataset) => [moveName(dataset.name, input.sourceTop, input.targetTop), dataset]),
  );
  const included = new Set(input.source);
  const steps: PromoteStep[] = [];
  /** Each clone once from each origin: two datasets could else exchange what they share for ever. */
  const done = new Set<string>();
  let { target } = input;
  while (true) {
    const originals = sourcesOf(target, sources, owners);
    const found = target.flatMap((clone) => {
      const original = originals.get(clone);
      const step = original && included.has(original) ? promotionOf(clone, original, target, owners) : undefined;
      return step && !left.has(clone.name) && !done.has(key(step)) ? [step] : [];
    });
    const judged = found.map((step) => ({
      step,
      bar: barOf(step, target, { ...input, sources, owners }),
    }));
    const next = judged.find(({ bar }) => bar === undefined)?.step;
    if (next === undefined) {
      return { steps, target, barred: judged.flatMap(({ step, bar }) => bar ? [{ step, bar }] : []) };
    }
    done.add(key(next));
    steps.push(next);
    target = afterPromotion(target, next);
  }
}

function key({ target, origin }: PromoteStep): string {
  return `${target} ${origin.guid}`;
}

type Owners = ReadonlyMap<Guid, readonly Dataset[]>;

/** Which datasets have a snapshot. */
function ownersOf(datasets: readonly Dataset[]): Owners {
  const owners = new Map<Guid, Dataset[]>();
  for (const dataset of datasets) {
    for (const { guid } of dataset.snapshots) {
      const list = owners.get(guid);
      if (list === undefined) owners.set(guid, [dataset]);
      else list.push(dataset);
    }
  }
  return owners;
}

/**
 * Which dataset of the source each on the target is the copy of: the only one with its newest snapshot, whatever its name is by now;
 * else the one of its name. Of two that could be the copy of one, it is the one that has its name, else the one that got further.
 */
function sourcesOf(
  target: readonly Dataset[],
  byPlace: ReadonlyMap<string, Dataset>,
  owners: Owners,
): ReadonlyMap<Dataset, Dataset> {
  const found = target.filter(({ name }) => !isSetAsideName(name)).flatMap((copy) => {
    const newest = copy.snapshots.at(-1);
    const all = newest === undefined ? [] : owners.get(newest.guid) ?? [];
    const placed = byPlace.get(copy.name);
    const source = all.length === 1 ? all[0] : placed;
    if (source === undefined || source.type !== copy.type) return [];
    // A clone of the same name that somebody made on the target is not its copy; the half of one may become it.
    const age = newestCommon(source, copy)?.source.createtxg;
    const isCopy = age !== undefined || copy.resumeToken !== undefined;
    return isCopy ? [{ copy, source, age: age ?? -1n, isPlaced: source === placed }] : [];
  });
  return new Map(
    [...Map.groupBy(found, ({ source }) => source).values()].flatMap((all) => {
      const [furthest, second] = all.toSorted((a, b) => a.age > b.age ? -1 : a.age < b.age ? 1 : 0);
      const one = all.find(({ isPlaced }) => isPlaced) ?? (furthest?.age === second?.age ? undefined : furthest);
      return one === undefined ? [] : [[one.copy, one.source] as const];
    }),
  );
}

/** The promotion of a clone on the target, where its source alone has the newest of what would move. */
function promotionOf(
  clone: Dataset,
  source: Dataset,
  target: readonly Dataset[],
  owners: Owners,
): PromoteStep | undefined {
  const [name, part] = clone.origin?.split("@") ?? [];
  if (name === undefined) return undefined;
  const from = target.find((dataset) => dataset.name === name);
  const at = from?.snapshots.findIndex((snapshot) => snapshot.name === part) ?? -1;
  const origin = from?.snapshots[at];
  if (from === undefined || origin === undefined) return undefined;
  const moves = from.snapshots.slice(0, at + 1);
  const newest = moves.findLast(({ guid }) => owners.has(guid));
  const [owner, ...others] = newest === undefined ? [] : owners.get(newest.guid) ?? [];
  if (owner !== source || others.length > 0) return undefined;
  return { kind: "promote", target: clone.name, from: from.name, origin, moves };
}

interface Scene extends PromotionInput {
  readonly sources: ReadonlyMap<string, Dataset>;
  readonly owners: Owners;
}

/** What stands against a promotion; `undefined`: nothing. */
function barOf(step: PromoteStep, target: readonly Dataset[], scene: Scene): PromotionBlock | undefined {
  const byName = new Map<string, Dataset>(target.map((dataset) => [dataset.name, dataset]));
  const [clone, from] = [byName.get(step.target)!, byName.get(step.from)!];
  const isExcluded = scene.excluded.some(({ name }) => {
    const place = moveName(name, scene.sourceTop, scene.targetTop);
    return isWithin(from.name, place) || isWithin(clone.name, place);
  });
  if (isExcluded || isSetAsideName(from.name)) return { kind: "not-ours" };
  // What the source has pruned since, of bzman's own or of others', was received all the same.
  const foreign = step.moves.filter(({ guid, name }) =>
    !scene.owners.has(guid) && !isAnyBzmanSnapshot(name) && scene.seen?.has(guid) !== true
  );
  if (foreign.length > 0) return { kind: "foreign-snapshots", snapshots: foreign };
  const taken = new Set(clone.snapshots.map(({ name }) => name));
  const clashing = step.moves.filter(({ name }) =>
    taken.has(name) || clone.name.length + 1 + name.length > maxNameBytes
  );
  if (clashing.length > 0) return { kind: "names", snapshots: clashing };
  if (!mayTakeKey(clone, from, byName)) return { kind: "key" };
  if (clone.resumeToken !== undefined || from.resumeToken !== undefined) return { kind: "not-yet" };
  if (scene.sources.has(from.name) && from.snapshots.length === step.moves.length) return { kind: "bare" };
  return undefined;
}

/**
 * Whether ZFS lets the two exchange their parts without wrapping a key anew (`dsl_dataset_promote_crypt_check` in OpenZFS's
 * dsl_crypt.c): where the origin's dataset has a key of its own, the clone takes it over; else both must lie below it.
 */
function mayTakeKey(clone: Dataset, from: Dataset, byName: ReadonlyMap<string, Dataset>): boolean {
  const root = from.encryptionRoot;
  if (root === undefined || from.origin !== undefined || root === from.name) return true;
  return [clone, from].every(({ name }) => byName.get(parentOf(name) ?? "")?.encryptionRoot === root);
}
