/**
 * What bounds the space of datasets, or keeps it for them: quotas and reservations.
 *
 * @module
 */

import { type Command, parseCount, parseRows } from "../arguments/command.ts";
import { type DatasetName, parseDatasetName } from "../names/names.ts";

/** The space of one dataset. Limits that are not set are 0. */
export interface SpaceLimits {
  readonly name: DatasetName;
  readonly type: "filesystem" | "volume";
  readonly usedBytes: bigint;
  readonly availableBytes: bigint;
  readonly referencedBytes: bigint;
  /** Written since the newest snapshot. */
  readonly writtenBytes: bigint;
  /** The most for it and all below it, snapshots included. */
  readonly quotaBytes: bigint;
  /** The most for it alone, without snapshots. */
  readonly refquotaBytes: bigint;
  readonly reservationBytes: bigint;
  readonly refreservationBytes: bigint;
  /** What its refreservation keeps and nothing uses. */
  readonly usedByRefreservationBytes: bigint;
}

const columns = [
  "name",
  "type",
  "used",
  "available",
  "referenced",
  "written",
  "quota",
  "refquota",
  "reservation",
  "refreservation",
  "usedbyrefreservation",
] as const;

/** Lists all datasets of a pool with their limits. */
export function listSpaceLimits(pool: DatasetName): Command<SpaceLimits[]> {
  return {
    argv: ["zfs", "list", "-H", "-p", "-r", "-t", "filesystem,volume", "-o", columns.join(","), pool],
    // A cut forced receive into a pool root shows its hidden half as `POOL/%recv`: not a dataset of anybody's.
    parse: (stdout) => parseRows(stdout, columns.length).filter(([name]) => !name?.includes("/%")).map(parseLimits),
  };
}

function parseLimits(row: readonly string[]): SpaceLimits {
  const [name = "", type = "", ...counts] = row;
  const [used = 0n, available = 0n, referenced = 0n, written = 0n, quota = 0n, refquota = 0n, ...reserved] = counts.map(
    parseCount,
  );
  const [reservation = 0n, refreservation = 0n, usedByRefreservation = 0n] = reserved;
  return {
    name: parseDatasetName(name),
    type: type === "volume" ? "volume" : "filesystem",
    usedBytes: used,
    availableBytes: available,
    referencedBytes: referenced,
    writtenBytes: written,
    quotaBytes: quota,
    refquotaBytes: refquota,
    reservationBytes: reservation,
    refreservationBytes: refreservation,
    usedByRefreservationBytes: usedByRefreservation,
  };
}
