/**
 * A dataset that was renamed on the source is recognised by its snapshots' GUIDs and renamed on the target, instead of
 * being sent again.
 *
 * @module
 */

import { isSetAsideName, temporaryName } from "../../../zfs/names/bzman_names.ts";
import type { Dataset } from "../../../zfs/names/dataset.ts";
import { type DatasetName, isWithin, moveName, parentOf } from "../../../zfs/names/names.ts";
import { canReceiveOver } from "../dataset_steps.ts";
import type { PlanInput } from "../plan_input.ts";
import { isStream, type RenameStep, type Step, streamMembers } from "../step.ts";
import { DisplacedDatasets } from "./displaced_datasets.ts";

/** The renames, and the target's tree as it is after them. */
export interface Renames {
  /** Those that can be made first of all. */
  readonly steps: readonly RenameStep[];
  /** Those that must wait until their new parent has arrived. */
  readonly deferred: readonly RenameStep[];
  /** In the order of the listing. */
  readonly target: readonly Dataset[];
}

/**
 * Finds what was renamed: at most one match, whose name nobody on the source has now, or has but for another dataset
 * (`displaced_datasets.ts`). What was set aside has the same snapshots as its new copy, and stays aside.
 */
export function planRenames(input: PlanInput): Renames {
  const displaced = new DisplacedDatasets(input);
  const pinned = new Set<string>();
  while (true) {
    const planner = new RenamePlanner(input, displaced, pinned);
    const unplaced = planner.plan();
    if (unplaced.length === 0) return planner;
    // Whose way turns out to be barred does not set out.
    for (const name of unplaced) pinned.add(name);
  }
}

/** Follows the renames of a tree, dataset by dataset, in the order in which they can be made. */
class RenamePlanner implements Renames {
  target: readonly Dataset[];
  readonly steps: RenameStep[] = [];
  readonly deferred: RenameStep[] = [];
  readonly #input: PlanInput;
  readonly #displaced: DisplacedDatasets;
  readonly #pinned: ReadonlySet<string>;
  readonly #sources: ReadonlyMap<string, Dataset>;
  readonly #wantedNames: ReadonlySet<string>;
  #names: ReadonlyMap<string, Dataset> = new Map();
  #parents: ReadonlySet<string> = new Set();
  /** Parents that this run makes, by a copy or by a late rename, or copies into what is there and empty. */
  readonly #expected = new Set<string>();
  /** Datasets of the source whose place is looked after, or was. */
  readonly #placing = new Map<string, "open" | "done">();
  /** What made way for another before its own place was free: the name for the moment, and that of the listing. */
  readonly #temporary = new Map<string, string>();

  /** @param pinned Strangers that must stay, by their names in the listing. */
  constructor(input: PlanInput, displaced: DisplacedDatasets, pinned: ReadonlySet<string>) {
    this.#input = input;
    this.#displaced = displaced;
    this.#pinned = pinned;
    this.#sources = new Map(input.source.map((dataset) => [dataset.name, dataset]));
    this.#wantedNames = new Set([...input.source, ...input.excluded].map(({ name }) => this.#targetNameOf(name)));
    this.target = input.target;
    this.#index();
  }

  /** @returns Those that made way and found no place, by their names in the listing. */
  plan(): string[] {
    const parentsFirst = [...this.#input.source].sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    for (const source of parentsFirst) this.#place(source);
    return [...this.#temporary].filter(([name]) => this.#names.has(name)).map(([, listed]) => listed);
  }

  #targetNameOf(name: DatasetName): DatasetName {
    return moveName(name, this.#input.sourceTop, this.#input.targetTop);
  }

  /** Gives a dataset of the source the copy that it has under another name, once its parent has its own. */
  #place(source: Dataset): void {
    if (this.#placing.has(source.name)) return;
    const above = this.#sources.get(parentOf(source.name) ?? "");
    if (above) {
      this.#place(above);
      // Its turn comes after that of its parent.
      if (this.#placing.get(above.name) === "open") return;
    }
    this.#placing.set(source.name, "open");
    const name = this.#targetNameOf(source.name);
    if (this.#vacate(name)) this.#matchCopy(source, name);
    else if (this.#isReplaced(source, name)) this.#expected.add(name);
    this.#placing.set(source.name, "done");
  }

  /** Lets a stranger go to its own place, which may have to be cleared first; tells whether the name is free then. */
  #vacate(name: DatasetName): boolean {
    const there = this.#names.get(name);
    if (there === undefined) return true;
    const source = this.#sourceOf(there);
    if (source === undefined) return false;
    this.#place(source);
    if (!this.#names.has(name)) return true;
    // Its place waits for this one, as in a swap, or lies below it: else it would have gone there.
    return this.#placing.get(source.name) !== "done" &&
      this.#renameToTemporary(there, this.#targetNameOf(source.name)) !== undefined;
  }

  /** Whether what is there is proven to hold nothing and is received over: until then nothing may lie below it. */
  #isReplaced(source: Dataset, name: DatasetName): boolean {
    const there = this.#names.get(name);
    return there !== undefined && this.#input.targetEmpty.has(name) && this.#listedName(there) === name &&
      there.snapshots.length === 0 && source.snapshots.length > 0 && source.type === there.type &&
      canReceiveOver(source, there, this.#input);
  }

  #matchCopy(source: Dataset, name: DatasetName): void {
    const parent = parentOf(name);
    if (parent === undefined || !(this.#parents.has(parent) || this.#expected.has(parent))) return;
    const guids = new Set<string>(source.snapshots.map((snapshot) => snapshot.guid));
    const found = this.target.filter((dataset) => {
      const newest = dataset.snapshots.at(-1);
      return newest !== undefined && guids.has(newest.guid) && dataset.type === source.type &&
        !isWithin(name, dataset.name) && !isSetAsideName(dataset.name);
    });
    const free = found.filter((dataset) => !this.#wantedNames.has(dataset.name));
    const matches = free.length > 0 ? free : found.filter((dataset) => this.#sourceOf(dataset) !== undefined);
    const match = matches[0];
    if (match === undefined || matches.length > 1 || !canRenameBelow(match, parent, this.target)) {
      const comes = this.#mayDefer && match === undefined && source.type === "filesystem" &&
        source.origin === undefined &&
        source.snapshots.length > 0;
      if (comes && this.#parents.has(parent) && !this.#expected.has(parent)) this.#expected.add(name);
      return;
    }
    const isDeferred = this.#expected.has(parent);
    if (isDeferred && !this.#mayDefer) return;
    // What moves along with another, or belongs to clones, is not worth the wait: it is sent again.
    const isEntangled = this.#touchesDeferred(match.name) || this.deferred.some(({ as }) => isWithin(parent, as)) ||
      hasClones(match, this.target);
    if (isEntangled && (isDeferred || this.deferred.length > 0)) return;
    const isDisplaced = this.#wantedNames.has(match.name);
    if (isDisplaced && !this.#displaced.canMoveTo(match, name, this.target)) return;
    // The name of one that has to wait is needed before.
    const from = isDisplaced && isDeferred ? this.#renameToTemporary(match, name) : match.name;
    if (from !== undefined) this.#rename(isDeferred ? this.deferred : this.steps, match, from, name);
  }

  /**
   * Gives a stranger a name for the moment, beside its old one.
   *
   * @param to Its own place, where it goes later.
   * @returns That name; `undefined` where it has to stay.
   */
  #renameToTemporary(displaced: Dataset, to: DatasetName): DatasetName | undefined {
    const name = temporaryName(displaced.name, this.#input.nowMs) as DatasetName;
    const parent = parentOf(name);
    const isBarred = this.#names.has(name) || this.#wantedNames.has(name) || this.#touchesDeferred(displaced.name) ||
      (this.deferred.length > 0 && hasClones(displaced, this.target));
    if (isBarred || parent === undefined || !canRenameBelow(displaced, parent, this.target)) return undefined;
    if (![name, to].every((then) => this.#displaced.canMoveTo(displaced, then, this.target))) return undefined;
    this.#temporary.set(name, this.#listedName(displaced));
    this.#rename(this.steps, displaced, displaced.name, name);
    return name;
  }

  /** Whether a rename may wait for its parent: what is set aside by then takes along what lies below it. */
  get #mayDefer(): boolean {
    return this.#input.onDivergence !== "keep-both" && this.#input.onForeign !== "keep-both";
  }

  #sourceOf(dataset: Dataset): Dataset | undefined {
    const source = this.#displaced.sourceOf(dataset);
    return source === undefined || this.#pinned.has(this.#listedName(dataset)) ? undefined : source;
  }

  #listedName(dataset: Dataset): string {
    return this.#input.target[this.target.indexOf(dataset)]?.name ?? dataset.name;
  }

  /** Whether a dataset holds, or lies in, what waits. */
  #touchesDeferred(name: DatasetName): boolean {
    return this.deferred.some(({ target: old, as }) => isWithin(name, as) || isWithin(as, name) || isWithin(old, name));
  }

  #rename(list: RenameStep[], { type }: Dataset, from: DatasetName, to: DatasetName): void {
    list.push({ kind: "rename", target: from, type, as: to });
    this.target = this.target.map((dataset) => renamed(dataset, from, to));
    this.#index();
  }

  #index(): void {
    this.#names = new Map(this.target.map((dataset) => [dataset.name, dataset]));
    this.#parents = new Set(this.target.filter(mayHoldChildren).map(({ name }) => name));
  }
}

/**
 * The steps of a plan with the late renames among them, each as soon as its new parent is there. One whose parent does not
 * come stays away.
 */
export function withDeferredRenames(steps: readonly Step[], deferred: readonly RenameStep[]): Step[] {
  const all = [...steps];
  for (const rename of deferred) {
    const parent = parentOf(rename.as);
    const comes = all.findIndex((step) =>
      isStream(step) && streamMembers(step).some(({ target }) => target === parent)
    );
    if (comes >= 0) all.splice(comes + 1, 0, rename);
  }
  return all;
}

/** The name that a dataset of the target has after the renames of a plan. */
export function placeAfter(name: DatasetName, steps: readonly Step[]): DatasetName {
  return steps.reduce(
    (at, step) => step.kind === "rename" && isWithin(at, step.target) ? moveName(at, step.target, step.as) : at,
    name,
  );
}

/** Whether a dataset, or one below it, is a clone or has one. */
function hasClones(top: Dataset, target: readonly Dataset[]): boolean {
  return target.some(({ name, origin }) =>
    origin !== undefined && (isWithin(name, top.name) || isWithin(origin.split("@", 1)[0] ?? "", top.name))
  );
}

/** Nothing lies below a volume, or below what a first copy left that was cut. */
export function mayHoldChildren({ name, type, resumeToken, snapshots }: Dataset): boolean {
  const isHalf = resumeToken !== undefined && snapshots.length === 0 && parentOf(name) !== undefined;
  return type === "filesystem" && !isHalf;
}

/** ZFS moves no dataset away from the one whose key it shares. */
function canRenameBelow(top: Dataset, parent: DatasetName, target: readonly Dataset[]): boolean {
  const root = target.find(({ name }) => name === parent)?.encryptionRoot;
  return target.filter(({ name }) => isWithin(name, top.name)).every(({ encryptionRoot }) =>
    encryptionRoot === undefined || encryptionRoot === root || isWithin(encryptionRoot, top.name)
  );
}

/** A dataset after a rename of itself, of one above it, or of its origin. */
function renamed(dataset: Dataset, from: DatasetName, to: DatasetName): Dataset {
  const [originOf, at] = (dataset.origin ?? "").split("@");
  const origin = originOf && isWithin(originOf, from)
    ? `${moveName(originOf as DatasetName, from, to)}@${at}`
    : dataset.origin;
  if (!isWithin(dataset.name, from)) return origin === dataset.origin ? dataset : { ...dataset, origin };
  const name = moveName(dataset.name, from, to);
  const root = dataset.encryptionRoot;
  return {
    ...dataset,
    name,
    origin,
    encryptionRoot: root !== undefined && isWithin(root, from) ? moveName(root, from, to) : root,
    snapshots: dataset.snapshots.map((snapshot) => ({ ...snapshot, dataset: name })),
    bookmarks: dataset.bookmarks.map((bookmark) => ({ ...bookmark, dataset: name })),
  };
}
