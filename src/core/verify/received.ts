/**
 * What is known to have arrived at a target, whether or not it is still there. Pure.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, type Guid, parentOf } from "../../zfs/names/names.ts";
import { isBzmanBookmarkFor, targetKey } from "../../zfs/names/bzman_names.ts";

/** Where the knowledge comes from. */
export interface ReceivedSources {
  /** The target's pool. */
  readonly poolGuid: Guid;
  /** By name on the target: the GUID of the newest version that the record says arrived. */
  readonly recorded: ReadonlyMap<string, string>;
  /**
   * GUIDs that the source's bookmarks proved at an earlier look, before the target was listed. A run that ends between the
   * two listings would else look like a hand that destroyed. `undefined`: every bookmark counts.
   */
  readonly earlier: ReadonlySet<string> | undefined;
}

/** Answers for each dataset, with GUIDs. */
export function receivedBy(
  { poolGuid, recorded, earlier }: ReceivedSources,
): (source: Dataset, targetName: DatasetName) => ReadonlySet<string> {
  const keys = new Map<DatasetName, readonly string[]>();
  // The key is that of the top of a job, which may lie above what is looked at now.
  const keysOf = (name: DatasetName): readonly string[] => {
    const known = keys.get(name);
    if (known) return known;
    const parent = parentOf(name);
    const made = [targetKey(poolGuid, name), ...(parent === undefined ? [] : keysOf(parent))];
    keys.set(name, made);
    return made;
  };
  return ({ bookmarks }, targetName) => {
    const marked = bookmarks.filter(({ name, guid }) =>
      (earlier?.has(guid) ?? true) && keysOf(targetName).some((key) => isBzmanBookmarkFor(name, key))
    );
    const told = recorded.get(targetName);
    return new Set<string>([...marked.map(({ guid }) => guid), ...(told === undefined ? [] : [told])]);
  };
}
