/**
 * The proof that a filesystem holds nothing: no threshold on `referenced` can tell, since an empty file changes it not
 * at all. A fresh filesystem has exactly one object that belongs to anybody: its root directory.
 *
 * @module
 */

import type { Command } from "../arguments/command.ts";
import type { DatasetName } from "../names/names.ts";

/** Writes out what the pool still has in memory, so that the count below is true. */
export function syncPool(pool: DatasetName): string[] {
  return ["zpool", "sync", pool];
}

/** Counts the objects of a filesystem; works unmounted too. True when only the root directory is there. */
export function proveEmpty(dataset: DatasetName): Command<boolean> {
  return {
    argv: ["zfs", "userspace", "-H", "-p", "-o", "type,name,used,objused", dataset],
    parse(stdout: string): boolean {
      return /^[^\t\n]+\t[^\t\n]+\t[0-9]+\t1\n$/.test(stdout);
    },
  };
}
