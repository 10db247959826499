/**
 * The verdict on two pools that share a GUID: one pool by two names of a host, or clones of one disk. Pure.
 *
 * @module
 */

import { type DatasetName, isWithin, poolOf } from "../../zfs/names/names.ts";
import type { HostInfo } from "../inspect/probe.ts";
import type { Finding } from "../finding.ts";

/** What the verdict depends on, of one side. */
export type PoolHome = Pick<HostInfo, "label" | "pools" | "bootId">;

/**
 * Judges whether the target is a part of the source, whatever name its host goes by: a pool's GUID tells, since no pool is
 * imported twice on one machine. No finding where the pools differ.
 *
 * Whether both are one machine is told by its boot identifier. Containers may have one of their own (systemd-nspawn(1), LXC)
 * and use the pool of their host all the same, so overlapping datasets are refused either way.
 *
 * @param from The dataset at the top of the source.
 * @param to The dataset at the top of the target.
 */
export function checkOverlap(source: PoolHome, target: PoolHome, from: DatasetName, to: DatasetName): Finding[] {
  const guidOf = ({ pools }: PoolHome, name: DatasetName) => pools.find((pool) => pool.name === poolOf(name))?.guid;
  const guid = guidOf(source, from);
  if (guid === undefined || guid !== guidOf(target, to)) return [];
  const overlap = overlapText(from, to);
  const base = { check: "overlap", where: target.label };
  // One machine imports a pool by one name alone.
  const isOther = poolOf(from) !== poolOf(to) || isKnownToDiffer(source.bootId, target.bootId);
  if (isOther) return [{ ...base, ...cloned(source, target, from, to, guid, overlap !== undefined) }];
  if (overlap === undefined) return [];
  const both = source.label === target.label ? source.label : `${source.label} and ${target.label}`;
  return [{
    ...base,
    verdict: "critical",
    text: `${overlap}: the names lead to one machine (${both}) and to one pool, ${poolOf(to)} (GUID ${guid})`,
    next: "name another machine, or a dataset that neither holds SOURCE nor lies within it; " +
      "'hostname' there shows which machine a name leads to",
  }];
}

function isKnownToDiffer(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

function overlapText(from: DatasetName, to: DatasetName): string | undefined {
  if (from === to) return `SOURCE and TARGET are the same dataset, ${to}`;
  if (isWithin(to, from)) return `TARGET ${to} lies within SOURCE ${from}`;
  if (isWithin(from, to)) return `SOURCE ${from} lies within TARGET ${to}`;
  return undefined;
}

/** Two pools with one GUID: bzman's locks, bookmarks and holds, named from it, would meet. */
function cloned(
  source: PoolHome,
  target: PoolHome,
  from: DatasetName,
  to: DatasetName,
  guid: string,
  overlaps: boolean,
): Pick<Finding, "verdict" | "text" | "next"> {
  return {
    verdict: overlaps || poolOf(from) !== poolOf(to) ? "critical" : "warning",
    text: `pool ${poolOf(from)} on ${source.label} and pool ${poolOf(to)} on ${target.label} have one GUID, ${guid}, ` +
      "though the machines differ: one is a clone of the other's disks, or both have the same disks imported",
    next: `when no disk is shared, give the copy a GUID of its own, on ${target.label}: zpool reguid ${poolOf(to)}; ` +
      `when disks are shared, export the pool on one host at once: zpool export ${poolOf(to)}`,
  };
}
