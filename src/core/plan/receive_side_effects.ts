/**
 * Where the receiver of a package would rename or promote something: there no package may go.
 *
 * `zfs send -R` tells its receiver of every dataset below its top with the GUIDs of its snapshots, also of those that `-X`
 * leaves out. The receiver then gives the source's names to whatever it recognises by a GUID (seen on OpenZFS 2.3: a volume
 * left out by `-X` was renamed). So what would be renamed taints all above it.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, type Guid, moveName, parentOf } from "../../zfs/names/names.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import { encryptionRootHazards } from "./encryption_root_hazards.ts";
import type { Renames } from "./follow/rename_planner.ts";
import type { PlanInput } from "./plan_input.ts";

/** Knows the datasets on the source whose tree, themselves included, holds something that would be renamed. */
export class ReceiveSideEffects {
  readonly #sources: readonly Dataset[];
  readonly #targets: ReadonlyMap<string, Dataset>;
  readonly #targetNameOf: (name: DatasetName) => DatasetName;
  readonly #always: ReadonlySet<string>;
  readonly #byBase: ReadonlyMap<string, ReadonlySet<string>>;

  /** @param renames The target as it is made like the source before any package goes, and what of that comes later. */
  constructor(input: PlanInput, renames: Pick<Renames, "deferred" | "target">) {
    this.#sources = [...input.source, ...input.excluded];
    this.#targets = new Map(renames.target.map((dataset) => [dataset.name, dataset]));
    this.#targetNameOf = (name) => moveName(name, input.sourceTop, input.targetTop);
    const moving = renames.deferred.map(({ as }) => moveName(as, input.targetTop, input.sourceTop));
    const shared = this.#sharedSnapshots();
    const byBase = Map.groupBy([...this.#replacedParents(), ...shared.byBase], ({ base }) => base);
    this.#byBase = new Map([...byBase].map(([base, all]) => [base, withAncestors(all.map(({ at }) => at))]));
    this.#always = withAncestors([
      ...moving,
      ...this.#renamedSnapshots(),
      ...shared.always,
      ...this.#otherOrigins(),
      ...encryptionRootHazards(this.#sources, this.#targets, this.#targetNameOf),
    ]);
  }

  /**
   * Whether something in the tree of a dataset of the source would be renamed.
   *
   * @param from The name of the package's base.
   */
  occurWithin(dataset: string, from: string): boolean {
    return this.#always.has(dataset) || this.#byBase.get(from)?.has(dataset) === true;
  }

  /** Datasets of which a snapshot has another name on the target: it would be renamed. */
  #renamedSnapshots(): DatasetName[] {
    return this.#sources.filter(({ name, snapshots }) => {
      const target = this.#targets.get(this.#targetNameOf(name));
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
      const theirs = this.#targets.get(this.#targetNameOf(name))?.origin;
      if (theirs === undefined) return false;
      const guid = guidOf(theirs, this.#targets);
      return guid === undefined || origin === undefined || guid !== guidOf(origin, sources);
    }).map(({ name }) => name);
  }

  /**
   * Datasets that share a snapshot with another on the same side, such as one whose copy was set aside, or a copy made within
   * the source: the receiver cannot tell the two apart. Of a plain one on the target it sees nothing but the base.
   */
  #sharedSnapshots(): { readonly always: readonly DatasetName[]; readonly byBase: readonly SideEffectAtBase[] } {
    const always: DatasetName[] = [];
    const byBase: SideEffectAtBase[] = [];
    const owned = new Map<string, Snapshot>();
    const plain = new Set<string>(this.#sources.filter(isPlain).map(({ name }) => name));
    for (const { name, snapshots } of this.#sources) {
      for (const snapshot of snapshots) {
        const other = owned.get(snapshot.guid);
        if (other === undefined) owned.set(snapshot.guid, snapshot);
        else always.push(other.dataset, name);
      }
    }
    for (const target of this.#targets.values()) {
      for (const { guid, name } of target.snapshots) {
        const original = owned.get(guid);
        if (original === undefined || this.#targetNameOf(original.dataset) === target.name) continue;
        const { dataset: at, name: base } = original;
        if (base === name && plain.has(at) && isPlain(target)) byBase.push({ base, at });
        else always.push(at);
      }
    }
    return { always, byBase };
  }

  /**
   * Parents by the name of a base that is another one on the target, or is not there any more on the source: the receiver knows
   * a parent by its base, and believes that all below has moved to another.
   */
  #replacedParents(): SideEffectAtBase[] {
    const parents = new Set<string | undefined>(this.#sources.map(({ name }) => parentOf(name)));
    return this.#sources.filter((dataset) => parents.has(dataset.name)).flatMap(({ name, snapshots }) => {
      const ours = new Map(snapshots.map((snapshot) => [snapshot.name, snapshot.guid]));
      const theirs = this.#targets.get(this.#targetNameOf(name))?.snapshots ?? [];
      return theirs.filter((snapshot) => ours.get(snapshot.name) !== snapshot.guid).map(({ name: base }) => ({
        base,
        at: name,
      }));
    });
  }
}

/** A dataset of the source at which no package from this base may come by. */
interface SideEffectAtBase {
  /** The part behind `@`. */
  readonly base: string;
  readonly at: DatasetName;
}

/** Whether there is nothing to promote, and no key to be given another root. */
function isPlain({ origin, encryption }: Dataset): boolean {
  return origin === undefined && encryption === "off";
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
