/**
 * The snapshots that clones come from: which of them the target has, or will have when a clone's turn comes.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import type { DatasetName, Guid } from "../../zfs/names/names.ts";
import { fullName, type Snapshot } from "../../zfs/names/version.ts";
import { newestCommon } from "../inspect/common_version.ts";
import type { Step } from "./step.ts";

/** The origins of a source's clones. */
export class CloneOrigins {
  /** By dataset, the names of those of its snapshots that have clones. */
  readonly #wanted = new Map<string, Set<string>>();
  readonly #available = new Map<string, Snapshot>();

  readonly #mixed: ReadonlySet<Guid>;

  /**
   * @param source The whole tree.
   * @param target The whole tree before anything is sent.
   * @param place Where on the target a dataset belongs.
   */
  constructor(
    source: readonly Dataset[],
    target: readonly Dataset[],
    place: (name: DatasetName) => DatasetName,
  ) {
    for (const { origin } of source) {
      const [dataset, name] = origin?.split("@") ?? [];
      if (dataset === undefined || name === undefined) continue;
      const names = this.#wanted.get(dataset) ?? new Set();
      names.add(name);
      this.#wanted.set(dataset, names);
    }
    const originals = new Map(source.flatMap((dataset) => {
      const names = this.#wanted.get(dataset.name);
      return names === undefined
        ? []
        : dataset.snapshots.flatMap((one) => names.has(one.name) ? [[one.guid, dataset] as const] : []);
    }));
    this.#mixed = mixedAmong(originals, source, target, place);
  }

  /** The origin of this full name, when the target has, or will have, a copy of it. */
  get(name: string): Snapshot | undefined {
    return this.#available.get(name);
  }

  /**
   * Notes what the target has, or will have, of a dataset that is planned.
   *
   * @param target As it is before the steps; `undefined` when it is not there, or set aside.
   */
  add(source: Dataset, target: Dataset | undefined, steps: readonly Step[]): void {
    const wanted = this.#wanted.get(source.name);
    if (wanted === undefined) return;
    const since = receivedAfter(source, target, steps);
    const have = new Set(target?.snapshots.map(({ guid }) => guid));
    for (const snapshot of source.snapshots) {
      if (!wanted.has(snapshot.name) || this.#mixed.has(snapshot.guid)) continue;
      if (have.has(snapshot.guid) || snapshot.createtxg > since) this.#available.set(fullName(snapshot), snapshot);
    }
  }
}

/**
 * Those snapshots that several datasets of one side have, not all of them plain: the receiver takes the first that it finds by GUID
 * for the origin, and a clone has the key of that.
 *
 * @param originals By GUID, the datasets of the source whose clones are meant.
 */
function mixedAmong(
  originals: ReadonlyMap<Guid, Dataset>,
  source: readonly Dataset[],
  target: readonly Dataset[],
  place: (name: DatasetName) => DatasetName,
): Set<Guid> {
  const mixed = new Set<Guid>();
  if (originals.size === 0) return mixed;
  const look = (datasets: readonly Dataset[], nameOf: (original: Dataset) => DatasetName): void => {
    for (const { name, encryption, snapshots } of datasets) {
      for (const { guid } of snapshots) {
        const original = originals.get(guid);
        if (original === undefined || nameOf(original) === name) continue;
        if (encryption !== "off" || original.encryption !== "off") mixed.add(guid);
      }
    }
  };
  look(source, ({ name }) => name);
  look(target, ({ name }) => place(name));
  // A plain one elsewhere on the target, and its own copy below an encrypted parent.
  const copies = new Map<string, Dataset>(target.map((dataset) => [dataset.name, dataset]));
  for (const { name, encryption, snapshots } of target) {
    if (encryption !== "off") continue;
    for (const { guid } of snapshots) {
      const original = originals.get(guid);
      const copy = original && copies.get(place(original.name));
      if (copy !== undefined && copy.name !== name && copy.encryption !== "off") mixed.add(guid);
    }
  }
  return mixed;
}

/** Snapshots of the source younger than this will be on the target. */
function receivedAfter(source: Dataset, target: Dataset | undefined, steps: readonly Step[]): bigint {
  for (const step of steps) {
    if (step.kind === "clone") return 0n;
    if (step.kind === "full" || step.kind === "resume") return step.to.createtxg - 1n;
  }
  return (target && newestCommon(source, target)?.source.createtxg) ?? 1n << 64n;
}
