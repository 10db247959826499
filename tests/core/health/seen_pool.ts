/**
 * Pools as `bzman health` sees them, made of what real ones printed.
 *
 * @module
 */

import { parsePoolStatus } from "../../../src/zfs/pools/pool_status.ts";
import type { DatasetName, Guid } from "../../../src/zfs/names/names.ts";
import type { AnsweringPool } from "../../../src/core/health/pool_inspection.ts";

/** When the pools of the files were looked at: 2026-11-22 21:10 UTC. */
export const now = Date.UTC(2026, 10, 22, 21, 10);

/** How tests write quantities. */
export const show = { bytes: (count: bigint | number) => `${count} B`, duration: (ms: number) => `${ms / 60_000} min` };

/** A pool of a file of real output, as it was seen. */
export function seenPool(file: string, changes: Partial<AnsweringPool> = {}): AnsweringPool {
  const path = new URL(`../../zfs/pools/pool_status_2.3/${file}.txt`, import.meta.url);
  const status = parsePoolStatus(Deno.readTextFileSync(path)).at(-1);
  if (status === undefined) throw new Error(`no pool in ${file}`);
  return {
    kind: "answered",
    host: "alpha",
    isLocal: true,
    pool: status.name,
    status,
    list: {
      name: status.name as DatasetName,
      guid: "1234567890123456789" as Guid,
      sizeBytes: 1000n,
      allocatedBytes: 250n,
      freeBytes: 750n,
      fragmentationPercent: 3,
      health: status.state,
      readonly: false,
    },
    space: { usedBytes: 240n, availableBytes: 700n, createdAt: now - 60 * 60_000 },
    zoneOffsetMs: 0,
    ...changes,
  };
}
