/**
 * The space of a pool as its root dataset tells it: without what parity takes and what ZFS keeps in reserve.
 *
 * @module
 */

import { type Command, parseCount, parseRows } from "../arguments/command.ts";
import type { DatasetName } from "../names/names.ts";

/** What the root dataset of a pool tells. */
export interface PoolSpace {
  readonly usedBytes: bigint;
  readonly availableBytes: bigint;
  /** When the pool was made, in milliseconds since 1970. */
  readonly createdAt: number;
}

const columns = ["used", "available", "creation"];

/** Asks the root dataset of a pool. */
export function poolSpace(pool: DatasetName): Command<PoolSpace> {
  return {
    argv: ["zfs", "list", "-H", "-p", "-d", "0", "-t", "filesystem", "-o", columns.join(","), pool],
    parse(stdout) {
      const [row] = parseRows(stdout, columns.length);
      if (row === undefined) throw new SyntaxError("no root dataset");
      const [used = "", available = "", creation = ""] = row;
      return {
        usedBytes: parseCount(used),
        availableBytes: parseCount(available),
        createdAt: Number(parseCount(creation)) * 1000,
      };
    },
  };
}
