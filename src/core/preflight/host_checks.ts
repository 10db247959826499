/**
 * The verdicts on what each host is able to do. Pure.
 *
 * @module
 */

import { isOn, missingFeatures } from "../../zfs/pools/features.ts";
import type { DatasetName } from "../../zfs/names/names.ts";
import { isAtLeast, type Pool } from "../../zfs/pools/pool.ts";
import type { HostInfo } from "../inspect/probe.ts";
import type { Finding } from "../finding.ts";

/** Clocks that differ by more make ages and names misleading, in milliseconds. */
const maxClockOffsetMs = 60_000;

/** OpenZFS releases known to lose data (block cloning, fixed in 2.2.2). */
const dangerous = /^2\.2\.[01](?![0-9])/;

/** Judges the programs of a host. */
export function checkHost(side: "source" | "target", facts: HostInfo): Finding[] {
  const where = facts.label;
  const findings: Finding[] = [];
  const release = facts.zfs.kernel ?? facts.zfs.userland;
  if (facts.zfs.kernel === undefined) {
    findings.push({
      check: `${side}-zfs`,
      where,
      verdict: "critical",
      text: `zfs ${facts.zfs.userland} is installed, but its kernel module does not answer`,
      next: "modprobe zfs",
    });
  } else if (dangerous.test(release)) {
    findings.push({
      check: `${side}-zfs`,
      where,
      verdict: "warning",
      text: `OpenZFS ${release} is known to lose data (block cloning)`,
      next: "dnf update zfs, to 2.2.2 or later; until then: sysctl zfs_bclone_enabled=0",
    });
  } else if (!isAtLeast(release, 2, 0)) {
    findings.push({
      check: `${side}-zfs`,
      where,
      verdict: "warning",
      text: `OpenZFS ${release} is older than any that bzman was tested with (2.1 to 2.4)`,
      next: "dnf update zfs",
    });
  } else {
    findings.push({ check: `${side}-zfs`, where, verdict: "ok", text: `OpenZFS ${release}` });
  }
  if (facts.mbuffer !== undefined) {
    findings.push(
      facts.mbuffer ? { check: `${side}-mbuffer`, where, verdict: "ok", text: "mbuffer is installed" } : {
        check: `${side}-mbuffer`,
        where,
        verdict: "critical",
        text: "mbuffer is not installed",
        next: "dnf install mbuffer",
      },
    );
  }
  return findings;
}

/** Whether a host's clock agrees with this one's, so that ages can be told from it. */
export function clockAgrees({ clockOffsetMs }: Pick<HostInfo, "clockOffsetMs">): boolean {
  return Math.abs(clockOffsetMs) <= maxClockOffsetMs;
}

/** Judges the clock of a host against this one's. */
export function checkClock(facts: HostInfo): Finding {
  const seconds = Math.round(Math.abs(facts.clockOffsetMs) / 1000);
  return !clockAgrees(facts)
    ? {
      check: "clock",
      where: facts.label,
      verdict: "warning",
      text: `its clock is ${seconds} s ${facts.clockOffsetMs > 0 ? "ahead" : "behind"}`,
      next: "systemctl enable --now chronyd",
    }
    : { check: "clock", where: facts.label, verdict: "ok", text: `its clock differs by less than a minute` };
}

/** Judges whether the target can take what the source's streams hold, and whether the source can keep bookmarks. */
export function checkFeatures(source: HostInfo, target: HostInfo, from: DatasetName, to: DatasetName): Finding[] {
  const findings: Finding[] = [];
  const missing = missingFeatures(source.features, target.features);
  if (missing.length > 0 && target.features.size > 0) {
    findings.push({
      check: "target-features",
      where: target.label,
      verdict: "critical",
      text: `pool ${to} lacks features that ${from} uses: ${missing.join(", ")}`,
      next: missing.map((name) => `zpool set feature@${name}=enabled ${to}`).join("; "),
    });
  }
  if (source.features.size > 0 && !isOn(source.features.get("bookmarks"))) {
    findings.push({
      check: "source-bookmarks",
      where: source.label,
      verdict: "warning",
      text: `pool ${from} has bookmarks disabled: incremental replication breaks if the common snapshot is destroyed`,
      next: `zpool set feature@bookmarks=enabled ${from}`,
    });
  }
  return findings;
}

/** Judges the pool a dataset lives in. */
export function checkPool(side: "source" | "target", facts: HostInfo, name: DatasetName): Finding {
  const where = facts.label;
  const check = `${side}-pool`;
  const pool = facts.pools.find((entry) => entry.name === name);
  if (pool === undefined) {
    const others = facts.pools.map((entry) => entry.name).join(", ") || "none";
    return {
      check,
      where,
      verdict: "critical",
      text: `pool ${name} is not imported there (imported: ${others})`,
      next: `zpool import ${name}`,
    };
  }
  return { check, where, ...poolVerdict(side, pool) };
}

function poolVerdict(side: "source" | "target", pool: Pool): Pick<Finding, "verdict" | "text" | "next"> {
  if (side === "target" && pool.readonly) {
    return {
      verdict: "critical",
      text: `pool ${pool.name} is imported read-only`,
      next: `zpool export ${pool.name} && zpool import ${pool.name}`,
    };
  }
  switch (pool.health) {
    case "ONLINE":
      return { verdict: "ok", text: `pool ${pool.name} is ONLINE` };
    case "DEGRADED":
      return {
        verdict: "warning",
        text: `pool ${pool.name} is DEGRADED: it works, but a disk is missing or failing`,
        next: `zpool status -x ${pool.name}`,
      };
    default:
      return {
        verdict: "critical",
        text: `pool ${pool.name} is ${pool.health}`,
        next: `zpool status -x ${pool.name}; when the disks are back: zpool clear ${pool.name}`,
      };
  }
}
