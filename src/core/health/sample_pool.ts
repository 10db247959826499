/**
 * What the record keeps of a look at a pool.
 *
 * @module
 */

import type { PoolSample } from "../pool_sample.ts";
import type { Pool } from "../../zfs/pools/pool.ts";
import { errorsOf } from "./judge_devices.ts";
import { activitiesOf } from "./pool_activity.ts";
import type { PoolInspection } from "./pool_inspection.ts";
import { lastScrubAt } from "./scrub.ts";

/** The sample of a look; `undefined` when there is no pool to speak of. */
export function sampleOf(inspection: PoolInspection, at: number): PoolSample | undefined {
  if (inspection.pool === "") return undefined;
  const place = { at, host: inspection.host, pool: inspection.pool };
  if (inspection.kind !== "answered") {
    return { ...place, state: inspection.kind === "suspended" ? "SUSPENDED" : inspection.kind };
  }
  const { status, list, space } = inspection;
  const leaves = status.vdevs.filter(({ isLeaf }) => isLeaf);
  const sum = (count: (vdev: typeof leaves[number]) => bigint): number =>
    Number(leaves.reduce((total, vdev) => total + count(vdev), 0n));
  const scan = status.scans.find(({ kind }) => kind === "scrub") ?? status.scans[0];
  const scrubAt = lastScrubAt(inspection, undefined);
  return {
    ...place,
    ...sampleOfListing(list),
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
      activities: activitiesOf(inspection).map(({ key, done }) => ({ key, done })),
      erring: leaves.filter((vdev) => errorsOf(vdev) > 0n).map(({ name }) => name),
    }),
  };
}

/** What `zpool list` alone tells: enough for capacity. */
export function sampleOfListing(pool: Pool): Omit<PoolSample, "at" | "host" | "pool"> {
  return {
    poolGuid: pool.guid,
    state: pool.health,
    sizeBytes: pool.sizeBytes,
    allocatedBytes: pool.allocatedBytes,
    freeBytes: pool.freeBytes,
    ...(pool.fragmentationPercent === undefined ? {} : { fragmentation: pool.fragmentationPercent }),
  };
}
