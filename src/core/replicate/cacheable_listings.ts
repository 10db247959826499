/**
 * What of a target's listing still holds after a run, so that the next one need not list it. Pure.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import type { Guid } from "../../zfs/names/names.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import type { SnapshotsChange } from "../../zfs/parsers/list.ts";
import { newestCommon } from "../inspect/common_version.ts";
import type { CachedListing, ListingCache } from "../inspect/listing_cache.ts";
import type { DatasetState } from "../run/dataset_state.ts";

/** A run as far as it changed its target. */
export interface RunChanges {
  /** The target as it was listed or remembered when the run began. */
  readonly before: readonly Dataset[];
  /** What of that was remembered. */
  readonly cached: ListingCache;
  /** The source with the snapshots of this run. */
  readonly source: readonly Dataset[];
  readonly datasets: readonly Readonly<DatasetState>[];
  readonly destroyed: readonly Snapshot[];
  /** What the target told afterwards, by name. */
  readonly after: ReadonlyMap<string, SnapshotsChange>;
  /** Its clock before it told that, in seconds since 1970. */
  readonly afterAt: number;
  /** Now, in milliseconds since 1970 by our own clock. */
  readonly nowMs: number;
}

/**
 * What may be remembered after a run: datasets that nothing was sent to and that nobody changed meanwhile, and those to which
 * exactly the one snapshot came that the target was then seen to have.
 */
export function cacheableListings(run: RunChanges): ListingCache {
  const before = new Map(run.before.map((dataset) => [dataset.guid, dataset]));
  const source = new Map(run.source.map((dataset) => [dataset.name, dataset]));
  const states = new Map<string, Readonly<DatasetState>>(run.datasets.map((state) => [state.target, state]));
  const destroyed = new Set(run.destroyed.map(({ dataset, guid }) => `${dataset}@${guid}`));
  const cache = new Map<Guid, CachedListing>();
  for (const [name, { guid, changedAt, origin }] of run.after) {
    // Within the very second there may be another change, of which the time would not tell.
    if (changedAt === undefined || changedAt >= run.afterAt) continue;
    const listed = before.get(guid);
    const state = states.get(name);
    if (state?.restructured || (listed !== undefined && listed.origin !== origin)) continue;
    const listedAt = run.cached.get(guid)?.listedAt ?? run.nowMs;
    const wasSent = state !== undefined && state.kinds.length > 0;
    const left = (listed?.snapshots ?? []).filter((snapshot) => !destroyed.has(`${snapshot.dataset}@${snapshot.guid}`));
    if (!wasSent) {
      const isAsListed = listed !== undefined && left.length === listed.snapshots.length
        ? changedAt === listed.snapshotsChangedAt
        : listed !== undefined;
      if (isAsListed) cache.set(guid, { changedAt, origin, listedAt, snapshots: left.map(cachedFields) });
      continue;
    }
    const arrived = state.onTarget;
    const original = source.get(state.dataset);
    if (arrived === undefined || original === undefined || arrived.guid !== state.goal?.guid) continue;
    if (sentCount(original, listed, arrived.guid) === 1) {
      cache.set(guid, { changedAt, origin, listedAt, snapshots: [...left, arrived].map(cachedFields) });
    }
  }
  return cache;
}

/** How many snapshots of the source came to a target that was as listed; 0 when that cannot be told. */
function sentCount(original: Dataset, listed: Dataset | undefined, arrived: Guid): number {
  const base = listed && listed.snapshots.length > 0 ? newestCommon(original, listed) : undefined;
  if (listed && listed.snapshots.length > 0 && base === undefined) return 0;
  const last = original.snapshots.find(({ guid }) => guid === arrived);
  if (last === undefined) return 0;
  const from = base?.source.createtxg ?? -1n;
  return original.snapshots.filter(({ createtxg }) => createtxg > from && createtxg <= last.createtxg).length;
}

function cachedFields({ name, guid, createtxg }: Snapshot): CachedListing["snapshots"][number] {
  return { name, guid, createtxg };
}
