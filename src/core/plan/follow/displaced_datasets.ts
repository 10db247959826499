/**
 * Strangers: datasets of the target under a name that the source has given to another since. `tank/db` was renamed to
 * `tank/db-old`, and a new `tank/db` made: the copy of the old one still has the name that the new one needs.
 *
 * @module
 */

import { isSetAsideName } from "../../../zfs/names/bzman_names.ts";
import type { Dataset } from "../../../zfs/names/dataset.ts";
import { type DatasetName, isWithin, maxNameBytes, moveName } from "../../../zfs/names/names.ts";
import { newestCommon } from "../../inspect/common_version.ts";
import type { PlanInput } from "../plan_input.ts";

/** Tells strangers from what nobody knows. */
export class DisplacedDatasets {
  readonly #input: PlanInput;
  readonly #byTargetName: ReadonlyMap<string, Dataset>;
  readonly #excludedNames: ReadonlySet<string>;
  #sources: ReadonlyMap<string, readonly Dataset[]> | undefined;

  constructor(input: PlanInput) {
    const targetNameOf = (name: DatasetName) => moveName(name, input.sourceTop, input.targetTop);
    this.#input = input;
    this.#byTargetName = new Map(input.source.map((dataset) => [targetNameOf(dataset.name), dataset]));
    this.#excludedNames = new Set(input.excluded.map(({ name }) => targetNameOf(name)));
  }

  /**
   * The dataset of the source that a stranger is the copy of: the only one with its newest snapshot, while the one whose name
   * it has shares no version with it.
   *
   * @returns `undefined` where that is not certain, or it is no stranger.
   */
  sourceOf(target: Dataset): Dataset | undefined {
    const newest = target.snapshots.at(-1);
    const sameNamed = this.#byTargetName.get(target.name);
    if (newest === undefined || sameNamed === undefined || isSetAsideName(target.name)) return undefined;
    // The top itself cannot move: nothing outside of it is anybody's to name.
    if (target.name === this.#input.targetTop || newestCommon(sameNamed, target)) return undefined;
    this.#sources ??= this.#findSources();
    const [source, ...others] = this.#sources.get(newest.guid) ?? [];
    if (source === undefined || others.length > 0 || source.type !== target.type) return undefined;
    return this.#input.excluded.includes(source) ? undefined : source;
  }

  /**
   * Whether a stranger may go with all below it: no copy of an excluded dataset moves with it, or gets the name of one, and no
   * name becomes too long.
   *
   * @param tree The target's tree as it is then.
   */
  canMoveTo(displaced: Dataset, to: DatasetName, tree: readonly Dataset[]): boolean {
    return tree.filter(({ name }) => isWithin(name, displaced.name)).every(({ name, snapshots, bookmarks }) => {
      const then = moveName(name, displaced.name, to);
      const longest = Math.max(0, ...[...snapshots, ...bookmarks].map((version) => version.name.length + 1));
      return then.length + longest <= maxNameBytes && !this.#isExcluded(name) && !this.#isExcluded(then);
    });
  }

  #isExcluded(name: DatasetName): boolean {
    return [...this.#excludedNames].some((targetNameOf) => isWithin(name, targetNameOf));
  }

  /** Who has the newest snapshots of the target's datasets, also among what is excluded. */
  #findSources(): ReadonlyMap<string, readonly Dataset[]> {
    const asked = new Set<string>(this.#input.target.flatMap(({ snapshots }) => snapshots.at(-1)?.guid ?? []));
    const sources = new Map<string, Dataset[]>();
    for (const dataset of [...this.#input.source, ...this.#input.excluded]) {
      for (const { guid } of dataset.snapshots) {
        if (asked.has(guid)) sources.set(guid, [...sources.get(guid) ?? [], dataset]);
      }
    }
    return sources;
  }
}
