/**
 * Where the receiver of a package would rename or promote something: there no package may go.
 *
 * `zfs send -R` tells its receiver of every dataset below its top with the GUIDs of its snapshots, also of those that `-X`
 * leaves out. The receiver then gives the source's names to whatever it recognises by a GUID (seen on OpenZFS 2.3: a volume
 * left out by `-X` was renamed). So what would be renamed taints all above it.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import { type DatasetName, type Guid, moveName, parentOf } from "../../zfs/names.ts";
import type { Snapshot } from "../../zfs/version.ts";
import type { Renames } from "./follow_renames.ts";
import type { PlanInput } from "./plan_tree.ts";

/** Knows the datasets on the source whose tree, themselves included, holds something that would be renamed. */
export class Disturbances {
  readonly #sources: readonly Dataset[];
  readonly #targets: ReadonlyMap<string, Dataset>;
  readonly #place: (name: DatasetName) => DatasetName;
  readonly #always: ReadonlySet<string>;
  readonly #byBase: ReadonlyMap<string, ReadonlySet<string>>;

  /** @param renames What is made like the source before any package goes, and what is not yet. */
  constructor(input: PlanInput, renames: Renames) {
    this.#sources = [...input.source, ...input.excluded];
    this.#targets = new Map(renames.target.map((dataset) => [dataset.name, dataset]));
    this.#place = (name) => moveName(name, input.sourceTop, input.targetTop);
    const moving = renames.late.map(({ as }) => moveName(as, input.targetTop, input.sourceTop));
    this.#byBase = this.#movedParents();
    this.#always = withAncestors([...moving, ...this.#renamedSnapshots(), ...this.#twins(), ...this.#otherOrigins()]);
  }

  /**
   * Whether something in the tree of a dataset of the source would be renamed.
   *
   * @param from The name of the package's base.
   */
  isAt(dataset: string, from: string): boolean {
    return this.#always.has(dataset) || this.#byBase.get(from)?.has(dataset) === true;
  }

  /** Datasets of which a snapshot has another name on the target: it would be renamed. */
  #renamedSnapshots(): DatasetName[] {
    return this.#sources.filter(({ name, snapshots }) => {
      const target = this.#targets.get(this.#place(name));
      return target !== undefined && !sameNames(snapshots, target.snapshots);
    }).map(({ name }) => name);
  }

  /**
   * Datasets that are clones of something else on the target: of the two that belong together there the receiver would promote
   * one (`recv_incremental_replication` in OpenZFS's libzfs_sendrecv.c).
   */
  #otherOrigins(): DatasetName[] {
    const sources = new Map<string, Dataset>(this.#sources.map((dataset) => [dataset.name, dataset]));
    return this.#sources.filter(({ name, origin }) => {
      const theirs = this.#targets.get(this.#place(name))?.origin;
      if (theirs === undefined) return false;
      const guid = guidOf(theirs, this.#targets);
      return guid === undefined || origin === undefined || guid !== guidOf(origin, sources);
    }).map(({ name }) => name);
  }

  /**
   * Datasets that share a snapshot with another on the same side, such as one whose copy was set aside, or a copy made within
   * the source: the receiver cannot tell the two apart.
   */
  #twins(): DatasetName[] {
    const found: DatasetName[] = [];
    const owners = new Map<string, DatasetName>();
    for (const { name, snapshots } of this.#sources) {
      for (const { guid } of snapshots) {
        const other = owners.get(guid);
        if (other === undefined) owners.set(guid, name);
        else found.push(other, name);
      }
    }
    for (const target of this.#targets.values()) {
      for (const { guid } of target.snapshots) {
        const owner = owners.get(guid);
        if (owner !== undefined && this.#place(owner) !== target.name) found.push(owner);
      }
    }
    return found;
  }

  /**
   * Parents by the name of a base that is another one on the target, or is not there any more on the source: the receiver knows
   * a parent by its base, and believes that all below has moved to another.
   */
  #movedParents(): Map<string, ReadonlySet<string>> {
    const parents = new Set<string | undefined>(this.#sources.map(({ name }) => parentOf(name)));
    const byBase = new Map<string, DatasetName[]>();
    for (const { name, snapshots } of this.#sources.filter((dataset) => parents.has(dataset.name))) {
      const ours = new Map(snapshots.map((snapshot) => [snapshot.name, snapshot.guid]));
      const theirs = this.#targets.get(this.#place(name))?.snapshots ?? [];
      for (const base of theirs.filter((snapshot) => ours.get(snapshot.name) !== snapshot.guid)) {
        byBase.set(base.name, [...byBase.get(base.name) ?? [], name]);
      }
    }
    return new Map([...byBase].map(([base, names]) => [base, withAncestors(names)]));
  }
}

/** The GUID of a snapshot by its full name; `undefined` where it is not listed. */
function guidOf(full: string, datasets: ReadonlyMap<string, Dataset>): Guid | undefined {
  const [dataset = "", wanted] = full.split("@");
  return datasets.get(dataset)?.snapshots.find(({ name }) => name === wanted)?.guid;
}

function withAncestors(names: readonly DatasetName[]): ReadonlySet<string> {
  const all = new Set<string>();
  for (const name of names) {
    for (let at: DatasetName | undefined = name; at !== undefined && !all.has(at); at = parentOf(at)) all.add(at);
  }
  return all;
}

/** Whether snapshots that both sides have are called the same on both. */
function sameNames(source: readonly Snapshot[], target: readonly Snapshot[]): boolean {
  // Nearly always one list ends as the other begins: they are walked side by side, and looked up only where they part.
  const shift = source.findIndex(({ guid }) => guid === target[0]?.guid);
  const parted: Snapshot[] = [];
  for (const [i, snapshot] of target.entries()) {
    const there = shift < 0 ? undefined : source[i + shift];
    if (there?.guid !== snapshot.guid) parted.push(snapshot);
    else if (there.name !== snapshot.name) return false;
  }
  if (parted.length === 0) return true;
  const names = new Map(source.map(({ guid, name }) => [guid, name]));
  return parted.every(({ guid, name }) => (names.get(guid) ?? name) === name);
}
