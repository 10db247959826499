/**
 * Patterns of datasets to leave out.
 *
 * @module
 */

import { isWithin } from "../zfs/names/names.ts";

/**
 * Whether a pattern leaves a dataset out: it matches the dataset, or one above it.
 *
 * @param top The source dataset; it is never left out itself.
 * @param pattern Relative to `top`: `scratch`, `vm/*` (a `*` stands for anything but a slash, `**` for anything).
 */
export function matchesPattern(dataset: string, top: string, pattern: string): boolean {
  if (dataset === top || !isWithin(dataset, top)) return false;
  const expression = pattern.split(/(\*\*|\*)/).map((part) =>
    part === "**" ? ".*" : part === "*" ? "[^/]*" : part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&")
  ).join("");
  return new RegExp(`^${expression}(?:/.*)?$`).test(dataset.slice(top.length + 1));
}
