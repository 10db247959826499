/**
 * Values for tests, named in one word.
 *
 * @module
 */

import { type DatasetName, parseDatasetName, parseGuid } from "../../src/zfs/names/names.ts";
import type { Bookmark, Snapshot } from "../../src/zfs/names/version.ts";

/** A dataset's name. */
export const name = (text: string): DatasetName => parseDatasetName(text);

/** A snapshot by its full name; its age is its GUID unless told. */
export function snapshot(full: string, guid: number | bigint = 1, createtxg: number | bigint = guid): Snapshot {
  const [dataset = "", part = ""] = full.split("@");
  return {
    kind: "snapshot",
    dataset: name(dataset),
    name: part,
    guid: parseGuid(String(guid)),
    createtxg: BigInt(createtxg),
  };
}

/** A bookmark by its full name. */
export function bookmark(full: string, guid: number | bigint = 1, createtxg: number | bigint = guid): Bookmark {
  const [dataset = "", part = ""] = full.split("#");
  return {
    kind: "bookmark",
    dataset: name(dataset),
    name: part,
    guid: parseGuid(String(guid)),
    createtxg: BigInt(createtxg),
  };
}
