/**
 * The snapshots that clones come from: which of them the target has, or will have when a clone's turn comes.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import type { Guid } from "../../zfs/names.ts";
import { fullName, type Snapshot } from "../../zfs/version.ts";
import { newestCommon } from "./common_version.ts";
import type { Step } from "./step.ts";

/** The origins of a source's clones. */
export class Origins {
  /** By dataset, the names of those of its snapshots that have clones. */
  readonly #wanted = new Map<string, Set<string>>();
  readonly #there = new Map<string, Snapshot>();

  readonly #mixed: ReadonlySet<Guid>;

  /**
   * @param source The whole tree.
   * @param target The whole tree before anything is sent.
   */
  constructor(source: readonly Dataset[], target: readonly Dataset[]) {
    for (const { origin } of source) {
      const [dataset, name] = origin?.split("@") ?? [];
      if (dataset === undefined || name === undefined) continue;
      const names = this.#wanted.get(dataset) ?? new Set();
      names.add(name);
      this.#wanted.set(dataset, names);
    }
    const guids = new Set(source.flatMap(({ name, snapshots }) => {
      const names = this.#wanted.get(name);
      return names === undefined ? [] : snapshots.flatMap((one) => names.has(one.name) ? [one.guid] : []);
    }));
    this.#mixed = new Set([...mixedAmong(guids, source), ...mixedAmong(guids, target)]);
  }

  /** The origin of this full name, when the target has, or will have, a copy of it. */
  get(name: string): Snapshot | undefined {
    return this.#there.get(name);
  }

  /**
   * Notes what the target has, or will have, of a dataset that is planned.
   *
   * @param target As it is before the steps; `undefined` when it is not there, or set aside.
   */
  note(source: Dataset, target: Dataset | undefined, steps: readonly Step[]): void {
    const wanted = this.#wanted.get(source.name);
    if (wanted === undefined) return;
    const since = arrivesSince(source, target, steps);
    const have = new Set(target?.snapshots.map(({ guid }) => guid));
    for (const snapshot of source.snapshots) {
      if (!wanted.has(snapshot.name) || this.#mixed.has(snapshot.guid)) continue;
      if (have.has(snapshot.guid) || snapshot.createtxg > since) this.#there.set(fullName(snapshot), snapshot);
    }
  }
}

/**
 * Those snapshots that an encrypted dataset has and one that is not: the receiver takes the first that it finds by GUID for the
 * origin, and a clone has the key of that.
 */
function mixedAmong(guids: ReadonlySet<Guid>, datasets: readonly Dataset[]): Guid[] {
  if (guids.size === 0) return [];
  const [plain, encrypted] = [new Set<Guid>(), new Set<Guid>()];
  for (const { encryption, snapshots } of datasets) {
    const list = encryption === "off" ? plain : encrypted;
    for (const { guid } of snapshots) if (guids.has(guid)) list.add(guid);
  }
  return [...plain].filter((guid) => encrypted.has(guid));
}

/** Snapshots of the source younger than this will be on the target. */
function arrivesSince(source: Dataset, target: Dataset | undefined, steps: readonly Step[]): bigint {
  for (const step of steps) {
    if (step.kind === "clone") return 0n;
    if (step.kind === "full" || step.kind === "resume") return step.to.createtxg - 1n;
  }
  return (target && newestCommon(source, target)?.source.createtxg) ?? 1n << 64n;
}
