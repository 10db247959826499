/**
 * The names of what bzman itself makes on a pool: snapshots, bookmarks, holds, datasets set aside. They are on the pool,
 * not in the record, so that they survive the loss of the record and a new alias of the host.
 *
 * @module
 */

import type { Guid } from "./names.ts";

/** The user property that every snapshot of bzman carries; its value is the name of the job's prefix. */
export const snapshotProperty = "bzman:prefix";

/**
 * The user property that says the same of a snapshot of bzman on a target, where its stream could not carry
 * {@linkcode snapshotProperty}; another one, so that nobody takes it for a snapshot that was made there.
 */
export const receivedTagProperty = "bzman:arrived";

/** The user property of a volume whose `snapdev` bzman has changed for a while; its value is how that was before. */
export const snapdevProperty = "bzman:snapdev";

/**
 * The name of a snapshot made now: `incremental-2026-11-22T03:00:00Z`.
 *
 * @param prefix What it begins with.
 * @param nowMs Milliseconds since 1970.
 */
export function snapshotName(prefix: string, nowMs: number): string {
  return `${prefix}-${new Date(nowMs).toISOString().replace(/\.[0-9]{3}Z$/, "Z")}`;
}

/**
 * When a snapshot of bzman was made, as its name tells.
 *
 * @param name The part behind `@`.
 * @param prefix The prefix it must have.
 * @param adopt Whether the original's local-time names without `Z` count too.
 * @returns Milliseconds since 1970 (names without `Z` are read as UTC: at most a day wrong, and only used for their
 * age), or `undefined` for a name that is not of the full pattern.
 */
export function snapshotTime(name: string, prefix: string, adopt: boolean): number | undefined {
  if (!name.startsWith(`${prefix}-`)) return undefined;
  const rest = name.slice(prefix.length + 1);
  const pattern = /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(Z?)$/.exec(rest);
  if (!pattern || (pattern[3] === "" && !adopt)) return undefined;
  const time = Date.parse(`${pattern[1]}T${pattern[2]}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** True for a name of the full pattern, whatever its prefix. */
export function isAnyBzmanSnapshot(name: string): boolean {
  return /.-[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(name);
}

/**
 * The key of a target: 12 hexadecimal digits made from its pool's GUID and the dataset's name there (FNV-1a, 64 bits,
 * cut). It needs no secrecy, only to differ between the few targets of one source.
 */
export function targetKey(poolGuid: Guid, dataset: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(`${poolGuid}:${dataset}`)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, "0").slice(0, 12);
}

/**
 * The bookmark of a version that arrived at a target: `bzman-KEY-GUID`. The GUID is in base 36, so that the whole has at most
 * 32 bytes, as a snapshot of the usual prefix has: what can be snapshot can be bookmarked.
 */
export function bookmarkName(key: string, guid: Guid): string {
  return `bzman-${key}-${BigInt(guid).toString(36)}`;
}

/** The most bytes that {@linkcode bookmarkName} makes. */
export const longestBookmarkName = 32;

/** True for a bookmark that bzman made for the target with this key. */
export function isBzmanBookmarkFor(name: string, key: string): boolean {
  return name.startsWith(`bzman-${key}-`) && /^[0-9a-z]{1,16}$/.test(name.slice(`bzman-${key}-`.length));
}

/** True for a bookmark that bzman made for whatever target: it marks what that target has. */
export function isAnyBzmanBookmark(name: string): boolean {
  return /^bzman-[0-9a-f]{12}-[0-9a-z]{1,16}$/.test(name);
}

/** The tag of the hold that protects what a cut transfer to the target with this key still needs. */
export function holdTag(key: string): string {
  return `bzman:${key}`;
}

/** The name a dataset gets when it is set aside: `data` becomes `data-kept-20261122T030000Z`. */
export function setAsideName(dataset: string, nowMs: number): string {
  return `${dataset}-kept-${compactTime(nowMs)}`;
}

/**
 * The name a dataset has for a moment while two exchange their names: `data` becomes `data-moving-20261122T030000Z`. Where a
 * run is killed just then, its snapshots tell the next run where it belongs, as those of any dataset that was renamed.
 *
 * @param nowMs Milliseconds since 1970.
 */
export function temporaryName(dataset: string, nowMs: number): string {
  return `${dataset}-moving-${compactTime(nowMs)}`;
}

function compactTime(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(/[-:]|\.[0-9]{3}/g, "");
}

/** True for what {@linkcode setAsideName} names, and for all below it: the user's to keep, never taken for another copy. */
export function isSetAsideName(dataset: string): boolean {
  return /-kept-[0-9]{8}T[0-9]{6}Z(?:\/|$)/.test(dataset);
}
