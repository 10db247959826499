/**
 * What is remembered of the snapshots of targets, as rows of the table `remembered`.
 *
 * @module
 */

import type { CachedListing, ListingCache } from "../../core/inspect/listing_cache.ts";
import { type Guid, parseGuid } from "../../zfs/names/names.ts";
import { all, change, type Database } from "../database/database.ts";
import { readNumber, readText, type Row, timeColumn } from "../database/values.ts";

/** What is remembered under a key; rows that cannot be read are not. */
export function readListingCache(db: Database, key: string): Map<Guid, CachedListing> {
  const cache = new Map<Guid, CachedListing>();
  for (const row of all(db, "SELECT * FROM remembered WHERE target_key = ?", key)) {
    try {
      cache.set(parseGuid(readText(row, "dataset_guid")), {
        changedAt: readNumber(row, "changed_at"),
        origin: readText(row, "origin") || undefined,
        listedAt: readNumber(row, "listed_at"),
        snapshots: readText(row, "snapshots").split("\n").filter((line) => line !== "").map(readSnapshot),
      });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return cache;
}

/** @throws {SyntaxError} When a line is none that was written here. */
function readSnapshot(line: string): CachedListing["snapshots"][number] {
  const [, guid = "", createtxg = "", name = ""] = /^([0-9]+)\t([0-9]+)\t([^\t]+)$/.exec(line) ?? [];
  return { guid: parseGuid(guid), createtxg: BigInt(createtxg), name };
}

/** Replaces what is remembered under a key; only what differs is written. */
export function writeListingCache(db: Database, key: string, cache: ListingCache): void {
  const kept = new Map<string, string>();
  for (const row of all(db, "SELECT * FROM remembered WHERE target_key = ?", key)) {
    kept.set(readText(row, "dataset_guid"), wordsOf(row));
  }
  const known = new Set<string>(cache.keys());
  for (const guid of kept.keys()) {
    if (!known.has(guid)) change(db, "DELETE FROM remembered WHERE target_key = ? AND dataset_guid = ?", key, guid);
  }
  for (const [guid, { changedAt, origin = "", listedAt, snapshots }] of cache) {
    const row = {
      changed_at: timeColumn(changedAt),
      origin,
      listed_at: timeColumn(listedAt),
      snapshots: snapshots.map(({ guid, createtxg, name }) => `${guid}\t${createtxg}\t${name}`).join("\n"),
    };
    if (kept.get(guid) === wordsOf(row)) continue;
    change(db, "INSERT OR REPLACE INTO remembered VALUES (?, ?, ?, ?, ?, ?)", key, guid, ...Object.values(row));
  }
}

/** All that may differ between two rows of a dataset. */
function wordsOf(row: Row): string {
  return [
    readNumber(row, "changed_at"),
    readText(row, "origin"),
    readNumber(row, "listed_at"),
    readText(row, "snapshots"),
  ].join("\n");
}
