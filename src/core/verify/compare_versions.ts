/**
 * The versions of a dataset and of its copy, told apart by GUID. Pure.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { byAge, type Snapshot, type Version } from "../../zfs/names/version.ts";
import { type Common, newestCommon } from "../inspect/common_version.ts";

/** A dataset and its copy, version by version. Every list is in the order of age, oldest first. */
export interface VersionComparison {
  /** The newest version that both have; `undefined`: they have nothing in common. */
  readonly common: Common | undefined;
  /** The newest snapshot that both have: where only a bookmark is left of the common version, an older one. */
  readonly snapshot: { readonly source: Snapshot; readonly target: Snapshot } | undefined;
  /** How many snapshots both have. */
  readonly inCommon: number;
  /** The source's beyond the common version: not copied yet. */
  readonly behind: readonly Snapshot[];
  /**
   * The source's beyond the common version that the target had received, and has no more; a bookmark where the source has
   * no more than that either.
   */
  readonly destroyed: readonly Version[];
  /** The target's beyond it: the target has diverged. */
  readonly own: readonly Snapshot[];
  /** Older ones that the copy lacks, and that no retention of others took. */
  readonly gaps: readonly Snapshot[];
  /** Older ones of others' series, all older than what the copy has of each: kept for a shorter time there. */
  readonly thinned: readonly Snapshot[];
  /** Older ones that only the copy has: kept for a longer time there. */
  readonly kept: readonly Snapshot[];
  /** The source's that meet another of the same name, but with another GUID, on the target. */
  readonly clashes: readonly Snapshot[];
}

/**
 * Compares them.
 *
 * @param received GUIDs of versions that are known to have arrived at this target once.
 */
export function compareVersions(
  source: Dataset,
  target: Dataset,
  received: ReadonlySet<string> = new Set(),
): VersionComparison {
  const here = new Map<string, Snapshot>(source.snapshots.map((snapshot) => [snapshot.guid, snapshot]));
  const there = new Map<string, Snapshot>(target.snapshots.map((snapshot) => [snapshot.guid, snapshot]));
  const named = new Map(target.snapshots.map((snapshot) => [snapshot.name, snapshot.guid]));
  const common = newestCommon(source, target);
  const clashes = source.snapshots.filter(({ name, guid }) => named.has(name) && named.get(name) !== guid);
  const clashing = new Set(clashes.map(({ name }) => name));
  const shared = source.snapshots.filter(({ guid }) => there.has(guid));
  const newest = shared.at(-1);
  const match = newest && there.get(newest.guid);
  const age = common?.source.createtxg;
  const lacking = source.snapshots.filter(({ guid, name, createtxg }) =>
    age !== undefined && createtxg <= age && !there.has(guid) && !clashing.has(name) && guid !== common?.source.guid
  );
  const seriesOf = seriesAmong([...source.snapshots, ...target.snapshots]);
  const oldest = new Map<string, bigint>();
  for (const { name, createtxg } of shared.toReversed()) oldest.set(seriesOf(name) ?? "", createtxg);
  const isGap = ({ name, createtxg }: Snapshot): boolean => {
    const series = seriesOf(name);
    if (series === undefined) return true;
    const since = oldest.get(series);
    return since !== undefined && createtxg > since;
  };
  const own = common?.targetNewer ?? [];
  const later = ({ createtxg }: Version): boolean => createtxg > (age ?? -1n);
  const mark = lastReceived(source, received);
  const isGone = (version: Version): boolean =>
    mark !== undefined && version.createtxg <= mark.createtxg && later(version) && !there.has(version.guid);
  // A package brings every snapshot up to the one that is proven to have arrived.
  const destroyed: Version[] = source.snapshots.filter(isGone);
  if (mark?.kind === "bookmark" && isGone(mark)) destroyed.push(mark);
  return {
    common,
    snapshot: newest && match && { source: newest, target: match },
    inCommon: shared.length,
    behind: source.snapshots.filter((snapshot) => age !== undefined && later(snapshot) && !isGone(snapshot)),
    destroyed,
    own,
    gaps: lacking.filter(isGap),
    thinned: lacking.filter((snapshot) => !isGap(snapshot)),
    kept: common === undefined
      ? []
      : target.snapshots.filter((snapshot) =>
        !here.has(snapshot.guid) && !clashing.has(snapshot.name) && !own.includes(snapshot) &&
        snapshot.guid !== common.target.guid
      ),
    clashes,
  };
}

/** The newest version of the source that is known to have arrived: its snapshot, or where that is gone a bookmark of it. */
export function lastReceived({ snapshots, bookmarks }: Dataset, received: ReadonlySet<string>): Version | undefined {
  const known = new Map<string, Version>();
  for (const version of [...bookmarks, ...snapshots]) if (received.has(version.guid)) known.set(version.guid, version);
  return [...known.values()].sort(byAge).at(-1);
}

/** As bzman names its own, whatever the prefix: for these both sides have the same retention. */
const ownName = /-[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z?$/;

/**
 * Tells which series of others a snapshot belongs to, `undefined` for one that stands alone. Retention thins each series by itself
 * (hourly, daily and monthly ones), and each from its old end. Names of a series differ in their digits.
 */
function seriesAmong(snapshots: readonly Snapshot[]): (name: string) => string | undefined {
  const pattern = (name: string): string => name.replaceAll(/[0-9]+/g, "0");
  const members = new Map<string, Set<string>>();
  for (const { name } of snapshots) {
    const key = pattern(name);
    members.set(key, (members.get(key) ?? new Set()).add(name));
  }
  // A name with a whole date belongs to a series also while no other member is left.
  const hasDate = (name: string): boolean => name.replaceAll(/[^0-9]/g, "").length >= 8;
  const isMember = (name: string): boolean => (members.get(pattern(name))?.size ?? 0) > 1 || hasDate(name);
  return (name) => !ownName.test(name) && isMember(name) ? pattern(name) : undefined;
}
