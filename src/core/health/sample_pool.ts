/**
 * What the record keeps of a look at a pool.
 *
 * @module
 */

import type { PoolSample } from "../pool_sample.ts";
import type { Pool } from "../../zfs/pool.ts";
import { errorsOf } from "./judge_devices.ts";
import { activitiesOf } from "./pool_activity.ts";
import type { PoolLook } from "./pool_look.ts";
import { lastScrubAt } from "./scrub.ts";

/** The sample of a look; `undefined` when there is no pool to speak of. */
export function sampleOf(look: PoolLook, at: number): PoolSample | undefined {
  if (look.pool === "") return undefined;
  const place = { at, host: look.host, pool: look.pool };
  if (look.kind !== "seen") {
    return { ...place, state: look.kind === "suspended" ? "SUSPENDED" : look.kind };
  }
  const { status, list, space } = look;
  const leaves = status.vdevs.filter(({ isLeaf }) => isLeaf);
  const sum = (count: (vdev: typeof leaves[number]) => bigint): number =>
    Number(leaves.reduce((total, vdev) => total + count(vdev), 0n));
  const scan = status.scans.find(({ kind }) => kind === "scrub") ?? status.scans[0];
  const scrubAt = lastScrubAt(look, undefined);
  return {
    ...place,
    ...listed(list),
    state: status.state,
    usedBytes: space.usedBytes,
    availableBytes: space.availableBytes,
    readErrors: sum(({ readErrors }) => readErrors),
    writeErrors: sum(({ writeErrors }) => writeErrors),
    checksumErrors: sum(({ checksumErrors }) => checksumErrors),
    ...(scan ? { scrubState: `${scan.kind} ${scan.state}` } : {}),
    ...(scrubAt === undefined ? {} : { scrubAt }),
    detail: JSON.stringify({
      dataErrors: status.dataErrors === undefined ? null : Number(status.dataErrors),
      devices: leaves.length,
      activities: activitiesOf(look).map(({ key, done }) => ({ key, done })),
      erring: leaves.filter((vdev) => errorsOf(vdev) > 0n).map(({ name }) => name),
    }),
  };
}

/** What `zpool list` alone tells: enough for capacity. */
export function listed(pool: Pool): Omit<PoolSample, "at" | "host" | "pool"> {
  return {
    poolGuid: pool.guid,
    state: pool.health,
    sizeBytes: pool.sizeBytes,
    allocatedBytes: pool.allocatedBytes,
    freeBytes: pool.freeBytes,
    ...(pool.fragmentationPercent === undefined ? {} : { fragmentation: pool.fragmentationPercent }),
  };
}
