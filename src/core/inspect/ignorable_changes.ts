/**
 * Writes that nobody did: mounting a copy makes and removes the directories on which its children are mounted, and so a
 * copy made by other tools looks changed although nobody touched it.
 *
 * @module
 */

import type { Change } from "../../zfs/parsers/diff.ts";

/**
 * Whether all that changed in a filesystem are directories on which others are mounted, and the folders in which those lie.
 *
 * @param below Where the datasets below it are mounted.
 */
export function isIgnorable(changes: readonly Change[], below: readonly string[]): boolean {
  return changes.every(({ kind, type, path }) => {
    if (type !== "/") return false;
    const at = path.endsWith("/") ? path : `${path}/`;
    switch (kind) {
      case "+":
      case "-":
        return below.some((mountpoint) => `${mountpoint}/` === at);
      case "M":
        return below.some((mountpoint) => `${mountpoint}/`.startsWith(at));
      default:
        return false;
    }
  });
}
