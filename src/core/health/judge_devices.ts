/**
 * The verdicts on the devices of a pool: those that are gone or faulted, spares that stand in, errors. Pure.
 *
 * @module
 */

import type { Vdev } from "../../zfs/pools/vdev.ts";
import { type CheckFinding, commandOn } from "../check.ts";
import { type AnsweringPool, poolCommand, poolLabel } from "./pool_inspection.ts";

/** How devices outside the data groups are called. */
const roleNames: Readonly<Record<string, string>> = {
  logs: "log ",
  special: "special ",
  dedup: "dedup ",
  cache: "cache ",
  spares: "spare ",
};

/** What is wrong with devices, beyond what the state of a pool that is not ONLINE has told. */
export function judgeDevices(pool: AnsweringPool): CheckFinding[] {
  return [...judgeLost(pool), ...judgeSpares(pool), ...judgeErrors(pool)];
}

/** A device that stands for itself alone may be lost while the pool stays ONLINE: a cache, a spare, in some releases a log. */
function judgeLost(pool: AnsweringPool): CheckFinding[] {
  const isTold = pool.status.state !== "ONLINE";
  const lost = pool.status.vdevs.filter(({ isLeaf, role, state }) =>
    isLeaf && (role === "spares" ? state !== "AVAIL" && state !== "INUSE" : !isTold && state !== "ONLINE")
  );
  if (lost.length === 0) return [];
  return [{
    check: lost.every(({ role }) => role === "spares" || role === "cache") ? "spare-or-cache" : "device-lost",
    subject: poolLabel(pool),
    verdict: "warning",
    text: lost.map((vdev) => `${roleNames[vdev.role] ?? ""}${deviceText(vdev)}`).join(", "),
    next: poolCommand(pool, "zpool", "status"),
  }];
}

/** Each spare that stands in for a device, until the device is replaced or the spare detached. */
function judgeSpares(pool: AnsweringPool): CheckFinding[] {
  return standIns(pool.status.vdevs).map(({ device, spare }): CheckFinding => {
    const isBack = device.state === "ONLINE";
    const host = pool.isLocal ? undefined : pool.host;
    return {
      check: "spare-in-use",
      subject: poolLabel(pool),
      verdict: "warning",
      text: `the spare ${spare.name} stands in for ${device.name}, which is ${
        isBack ? "ONLINE again" : device.state
      }: until that ends, the spare is not there for another disk`,
      next: isBack
        ? commandOn(host, ["zpool", "detach", pool.pool, spare.name])
        : `${commandOn(host, ["zpool", "replace", pool.pool, device.name])} NEW-DISK`,
    };
  });
}

/** The groups `spare-N`: the device first, the spare last. The device may itself be a group, while it is being replaced. */
function standIns(vdevs: readonly Vdev[]): { readonly device: Vdev; readonly spare: Vdev }[] {
  return vdevs.flatMap((group, i) => {
    if (group.isLeaf || !/^spare-[0-9]+$/.test(group.name)) return [];
    const end = vdevs.findIndex(({ depth }, j) => j > i && depth <= group.depth);
    const members = vdevs.slice(i + 1, end < 0 ? undefined : end).filter(({ depth }) => depth === group.depth + 1);
    const [device] = members;
    const spare = members.at(-1);
    return device && spare && device !== spare ? [{ device, spare }] : [];
  });
}

function judgeErrors(pool: AnsweringPool): CheckFinding[] {
  const erring = pool.status.vdevs.filter((vdev) => vdev.isLeaf && errorsOf(vdev) > 0n);
  if (erring.length === 0) return [];
  return [{
    check: "device-errors",
    subject: poolLabel(pool),
    verdict: "warning",
    text: erring.map(errorText).join(", "),
    next: `look at the disk and its cable, then: ${poolCommand(pool, "zpool", "clear")}`,
  }];
}

/** All errors of a device. */
export function errorsOf({ readErrors, writeErrors, checksumErrors }: Vdev): bigint {
  return readErrors + writeErrors + checksumErrors;
}

/** A device and its state: `/dev/sdb is FAULTED (too many errors)`. */
export function deviceText({ name, state, note }: Vdev): string {
  return `${name} is ${state}${note === "" ? "" : ` (${note.replace(/^\((.*)\)$/, "$1")})`}`;
}

function errorText({ name, readErrors, writeErrors, checksumErrors }: Vdev): string {
  const kinds = [[readErrors, "read"], [writeErrors, "write"], [checksumErrors, "checksum"]] as const;
  const counts = kinds.filter(([count]) => count > 0n).map(([count, kind]) => `${count} ${kind}`).join(", ");
  return `${name} had ${counts} errors`;
}
