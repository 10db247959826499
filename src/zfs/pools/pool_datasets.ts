/**
 * The datasets of a pool, by name and birth.
 *
 * @module
 */

import { type Command, parseCount, parseRows } from "../arguments/command.ts";
import type { DatasetName } from "../names/names.ts";

/** Lists filesystems and volumes of a pool; creation in milliseconds since 1970. */
export function listPoolDatasets(pool: DatasetName): Command<{ readonly name: string; readonly createdAt: number }[]> {
  return {
    argv: ["zfs", "list", "-H", "-p", "-r", "-t", "filesystem,volume", "-o", "name,creation", pool],
    parse: (stdout) =>
      parseRows(stdout, 2).filter(([name]) => !name?.includes("/%"))
        .map(([name = "", creation = ""]) => ({ name, createdAt: Number(parseCount(creation)) * 1000 })),
  };
}
