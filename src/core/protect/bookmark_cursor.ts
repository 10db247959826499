/**
 * How far earlier runs of a job came with a dataset: each run that looks after what arrived ends with a bookmark of it, so
 * that what is newer is the work of runs that were killed, or of others.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { isBzmanBookmarkFor } from "../../zfs/names/bzman_names.ts";
import type { Bookmark, Version } from "../../zfs/names/version.ts";

/**
 * The bookmark of the last run that ended, not newer than `base`.
 *
 * @param dataset Of the source, as it was listed.
 * @param base The newest version that its target had then.
 * @param key The target's key.
 * @returns `undefined` where none ever ended.
 */
export function lastCompleted(dataset: Dataset, base: Version, key: string): Bookmark | undefined {
  return dataset.bookmarks.findLast(({ name, createtxg }) =>
    isBzmanBookmarkFor(name, key) && createtxg <= base.createtxg
  );
}

/**
 * The bookmark before which nothing that arrived lacks its mark, see `tag_received.ts`. A run that leaves something unmarked keeps an
 * older bookmark beside that of what arrived: the oldest tells.
 *
 * @param dataset Of the source, as it was listed.
 * @param base The newest version that its target had then.
 * @param key The target's key.
 */
export function lastTagged(dataset: Dataset, base: Version, key: string): Bookmark | undefined {
  return dataset.bookmarks.find(({ name, createtxg }) => isBzmanBookmarkFor(name, key) && createtxg <= base.createtxg);
}
