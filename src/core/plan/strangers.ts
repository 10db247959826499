/**
 * Strangers: datasets of the target under a name that the source has given to another since. `tank/db` was renamed to
 * `tank/db-old`, and a new `tank/db` made: the copy of the old one still has the name that the new one needs.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import { type DatasetName, isWithin, maxNameBytes, moveName } from "../../zfs/names.ts";
import { isAsideName } from "../../zfs/own_names.ts";
import { newestCommon } from "./common_version.ts";
import type { PlanInput } from "./plan_tree.ts";

/** Tells strangers from what nobody knows. */
export class Strangers {
  readonly #input: PlanInput;
  readonly #byPlace: ReadonlyMap<string, Dataset>;
  readonly #excludedPlaces: ReadonlySet<string>;
  #owners: ReadonlyMap<string, readonly Dataset[]> | undefined;

  constructor(input: PlanInput) {
    const place = (name: DatasetName) => moveName(name, input.sourceTop, input.targetTop);
    this.#input = input;
    this.#byPlace = new Map(input.source.map((dataset) => [place(dataset.name), dataset]));
    this.#excludedPlaces = new Set(input.excluded.map(({ name }) => place(name)));
  }

  /**
   * The dataset of the source that a stranger is the copy of: the only one with its newest snapshot, while the one whose name
   * it has shares no version with it.
   *
   * @returns `undefined` where that is not certain, or it is no stranger.
   */
  ownerOf(target: Dataset): Dataset | undefined {
    const newest = target.snapshots.at(-1);
    const namesake = this.#byPlace.get(target.name);
    if (newest === undefined || namesake === undefined || isAsideName(target.name)) return undefined;
    // The top itself cannot move: nothing outside of it is anybody's to name.
    if (target.name === this.#input.targetTop || newestCommon(namesake, target)) return undefined;
    this.#owners ??= this.#findOwners();
    const [owner, ...others] = this.#owners.get(newest.guid) ?? [];
    if (owner === undefined || others.length > 0 || owner.type !== target.type) return undefined;
    return this.#input.excluded.includes(owner) ? undefined : owner;
  }

  /**
   * Whether a stranger may go with all below it: no copy of an excluded dataset moves with it, or gets the name of one, and no
   * name becomes too long.
   *
   * @param tree The target's tree as it is then.
   */
  mayGo(stranger: Dataset, to: DatasetName, tree: readonly Dataset[]): boolean {
    return tree.filter(({ name }) => isWithin(name, stranger.name)).every(({ name, snapshots, bookmarks }) => {
      const then = moveName(name, stranger.name, to);
      const longest = Math.max(0, ...[...snapshots, ...bookmarks].map((version) => version.name.length + 1));
      return then.length + longest <= maxNameBytes && !this.#isExcluded(name) && !this.#isExcluded(then);
    });
  }

  #isExcluded(name: DatasetName): boolean {
    return [...this.#excludedPlaces].some((place) => isWithin(name, place));
  }

  /** Who has the newest snapshots of the target's datasets, also among what is excluded. */
  #findOwners(): ReadonlyMap<string, readonly Dataset[]> {
    const asked = new Set<string>(this.#input.target.flatMap(({ snapshots }) => snapshots.at(-1)?.guid ?? []));
    const owners = new Map<string, Dataset[]>();
    for (const dataset of [...this.#input.source, ...this.#input.excluded]) {
      for (const { guid } of dataset.snapshots) {
        if (asked.has(guid)) owners.set(guid, [...owners.get(guid) ?? [], dataset]);
      }
    }
    return owners;
  }
}
