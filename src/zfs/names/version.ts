/**
 * A version is a point in a dataset's life that a stream can start from: a snapshot or a bookmark.
 * Two versions are the same when their GUIDs are equal, never because their names are.
 *
 * @module
 */

import type { DatasetName, Guid } from "./names.ts";

/** A snapshot as `zfs list` shows it. */
export interface Snapshot {
  readonly kind: "snapshot";
  readonly dataset: DatasetName;
  /** The part behind `@`. */
  readonly name: string;
  readonly guid: Guid;
  /** The transaction group it was made in: the order of versions within one pool. */
  readonly createtxg: bigint;
}

/** A bookmark: what is left of a snapshot when only its place in time is needed. It carries its snapshot's GUID. */
export interface Bookmark {
  readonly kind: "bookmark";
  readonly dataset: DatasetName;
  /** The part behind `#`. */
  readonly name: string;
  readonly guid: Guid;
  readonly createtxg: bigint;
}

/** What an incremental stream may start from. */
export type Version = Snapshot | Bookmark;

/** The full name: `tank/a@monday` or `tank/a#monday`. */
export function fullName(version: Version): string {
  return `${version.dataset}${version.kind === "snapshot" ? "@" : "#"}${version.name}`;
}

/** Orders versions of one pool from old to new, for `Array.prototype.sort`. */
export function byAge(a: Version, b: Version): number {
  return a.createtxg < b.createtxg ? -1 : a.createtxg > b.createtxg ? 1 : 0;
}
