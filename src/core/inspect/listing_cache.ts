/**
 * What is remembered of a target's snapshots from one run to the next. Listing them is the dearest question of a run: the
 * kernel opens a dataset that is not mounted anew for each of its snapshots. ZFS tells when a dataset's snapshots last
 * changed; where that is the moment that was noted, what was known then is known now.
 *
 * Nothing is destroyed on the word of the memory alone: a plan that would discard something, or refuses, is made
 * again from a fresh listing, and retention asks about each candidate.
 *
 * @module
 */

import type { DatasetName, Guid } from "../../zfs/names/names.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import type { BareDataset } from "../../zfs/parsers/list.ts";

/** The snapshots that a dataset had when they had last changed at a moment. */
export interface CachedListing {
  /** Seconds since 1970, by the clock of its host. */
  readonly changedAt: number;
  /** The snapshot that the dataset was cloned from: a promotion brings snapshots without touching that time. */
  readonly origin: string | undefined;
  /** When they were last listed, not remembered, in milliseconds since 1970 by our own clock. */
  readonly listedAt: number;
  /** Oldest first. */
  readonly snapshots: readonly Pick<Snapshot, "name" | "guid" | "createtxg">[];
}

/** What is remembered of a tree, by the GUIDs of its datasets. */
export type ListingCache = ReadonlyMap<Guid, CachedListing>;

/** Where it is kept, under the name of a target. */
export interface ListingCacheStore {
  readListings(key: string): ListingCache;
  /** Replaces what was remembered; an empty memory forgets. */
  storeListings(key: string, cache: ListingCache): void;
}

/** Whatever crept in while a run changed a dataset itself lasts no longer, in milliseconds. */
const longestMs = 24 * 3_600_000;

/** What was listed within the last day: everything is listed anew once a day. */
export function unexpired(cache: ListingCache, nowMs: number): ListingCache {
  const isUnexpired = ({ listedAt }: CachedListing): boolean => listedAt <= nowMs && nowMs - listedAt < longestMs;
  return new Map([...cache].filter(([, entry]) => isUnexpired(entry)));
}

/** What is known of a tree without listing its snapshots. */
export interface CacheLookup {
  readonly known: readonly Snapshot[];
  /** The datasets whose snapshots must be listed. */
  readonly unknown: readonly DatasetName[];
  /** The part of the memory that holds. */
  readonly used: ListingCache;
}

/** The snapshots of the datasets that have not changed since. */
export function lookUp(datasets: readonly BareDataset[], cache: ListingCache): CacheLookup {
  const known: Snapshot[] = [];
  const unknown: DatasetName[] = [];
  const used = new Map<Guid, CachedListing>();
  for (const { guid, name: dataset, snapshotsChangedAt, origin } of datasets) {
    const cached = cache.get(guid);
    const isSame = cached?.changedAt === snapshotsChangedAt && cached?.origin === origin;
    if (cached === undefined || !isSame) {
      unknown.push(dataset);
      continue;
    }
    used.set(guid, cached);
    for (const snapshot of cached.snapshots) known.push({ kind: "snapshot", dataset, ...snapshot });
  }
  return { known, unknown, used };
}
