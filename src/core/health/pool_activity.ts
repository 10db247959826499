/**
 * What goes on in a pool: a resilver, a replacement, a removal, an expansion, a checkpoint that waits. It is told with its
 * progress; a warning is what lowers redundancy, stands still, or was forgotten. Pure.
 *
 * @module
 */

import type { Vdev } from "../../zfs/pools/vdev.ts";
import type { WorkProgress } from "../../zfs/pools/work_progress.ts";
import type { CheckFinding, Formatters } from "../check.ts";
import type { PoolSample } from "../pool_sample.ts";
import { type AnsweringPool, poolCommand, poolLabel } from "./pool_inspection.ts";
import { stalledSince } from "./stalled_work.ts";

/** What the judgement depends on, besides the pool. */
export interface ActivityInputs {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What the record knows of the same pool, the oldest first. */
  readonly earlier: readonly PoolSample[];
  readonly format: Formatters;
}

/** Work that runs, and whose progress two looks can compare. */
export interface Activity extends WorkProgress {
  readonly what: "resilver" | "scrub" | "removal" | "expansion";
  /** In words, as the subject of a sentence. */
  readonly title: string;
  /** The same for the same work at every look. */
  readonly key: string;
}

/** Work without progress for so long stands still, in milliseconds: of 10 TiB, 1 GiB shows as a change. */
const stillMs = 30 * 60_000;
/** So long after a resilver its group `replacing-N` may still be there, in milliseconds. */
const settlingMs = 5 * 60_000;
/** A checkpoint that is older was forgotten, in milliseconds. */
const oldCheckpointMs = 7 * 86_400_000;

/** What runs now. */
export function activitiesOf({ status }: AnsweringPool): Activity[] {
  const scans = status.scans.flatMap(({ kind, state, at, percent, toGoMs, done }): Activity[] => {
    if (state !== "running") return [];
    const what = kind === "resilver" ? "resilver" : "scrub";
    return [{ what, title: `a ${what}`, key: `${kind} ${at}`, percent, toGoMs, done }];
  });
  const works = status.works.filter(({ isPaused }) => !isPaused).map((work): Activity => ({
    what: work.kind,
    title: workTitle(work),
    key: `${work.kind} ${work.device} ${work.at}`,
    percent: work.percent,
    toGoMs: work.toGoMs,
    done: work.done,
  }));
  return [...scans, ...works];
}

/** The verdicts. What goes well is `ok`. */
export function judgeActivity(pool: AnsweringPool, inputs: ActivityInputs): CheckFinding[] {
  const activities = activitiesOf(pool);
  return [
    ...activities.flatMap((activity) => judgeOne(pool, activity, inputs)),
    ...judgePaused(pool),
    ...judgeReplacements(pool, activities, inputs),
    ...judgeCheckpoint(pool, inputs),
  ];
}

function judgeOne(pool: AnsweringPool, activity: Activity, { now, earlier, format }: ActivityInputs): CheckFinding[] {
  const { what, title, percent, toGoMs } = activity;
  const found = { subject: poolLabel(pool), next: poolCommand(pool, "zpool", "status") };
  const since = stalledSince(activity, earlier, now);
  const far = percent === undefined ? "" : `, ${percent} % done`;
  if (now - since >= stillMs) {
    const text = `${title} stands still: no progress for ${format.duration(now - since)}${far}`;
    return [{ check: `${what}-still`, verdict: "warning", text, ...found }];
  }
  // The table shows how far a scrub is.
  if (what === "scrub") return [];
  const end = toGoMs === undefined
    ? ", ZFS cannot tell its end yet"
    : `, expected to end in ${format.duration(toGoMs)}`;
  const reduced = what === "resilver" ? reducedBy(pool) : [];
  const until = reduced.length === 0 ? "" : `; until then redundancy is reduced: ${reduced.join(", ")}`;
  const text = `${title} is under way${far}${end}${until}`;
  return [{ check: what, verdict: until === "" ? "ok" : "warning", text, ...found }];
}

/**
 * What lowers redundancy while a resilver runs: devices without a whole copy. A new disk whose predecessor is still whole
 * takes nothing away.
 */
function reducedBy({ status: { state, vdevs } }: AnsweringPool): string[] {
  const bad = vdevs.filter((vdev, i) => {
    if (!vdev.isLeaf || vdev.role === "spares" || vdev.role === "cache" || isWhole(vdev)) return false;
    return !siblings(vdevs, i).some(isWhole);
  }).map(({ name }) => name);
  if (bad.length > 0) return bad;
  if (state !== "ONLINE") return [`the pool is ${state}`];
  // ZFS marks a device only once something was written to it: until then nothing tells a disk that came back from a whole one.
  const isMarked = vdevs.some(({ note }) => /resilver/.test(note));
  const isReplacing = vdevs.some(({ isLeaf, name }) => !isLeaf && standInGroup.test(name));
  return isMarked || isReplacing ? [] : ["ZFS does not tell yet which device"];
}

/** A group of a device and what stands in for it. */
const standInGroup = /^(?:replacing|spare)-[0-9]+$/;

function isWhole({ isLeaf, state, note }: Vdev): boolean {
  return isLeaf && state === "ONLINE" && !/resilver/.test(note);
}

/** What stands in for the device at `index`: the other members of its `replacing-N` or `spare-N`. */
function siblings(vdevs: readonly Vdev[], index: number): Vdev[] {
  const depth = vdevs[index]?.depth ?? 0;
  const parent = vdevs.findLastIndex((vdev, i) => i < index && vdev.depth < depth);
  if (!standInGroup.test(vdevs[parent]?.name ?? "")) return [];
  const end = vdevs.findIndex((vdev, i) => i > parent && vdev.depth < depth);
  return vdevs.slice(parent + 1, end < 0 ? undefined : end).filter((_, i) => parent + 1 + i !== index);
}

function workTitle({ kind, device }: { readonly kind: "removal" | "expansion"; readonly device: string }): string {
  return kind === "removal" ? `the removal of ${device}` : `the expansion of ${device}`;
}

function judgePaused(pool: AnsweringPool): CheckFinding[] {
  const subject = poolLabel(pool);
  return pool.status.works.filter(({ isPaused }) => isPaused).map((work): CheckFinding => ({
    check: `${work.kind}-still`,
    subject,
    verdict: "warning",
    text: `${workTitle(work)} stands still: ZFS has paused it, for a resilver or until the pool is cleared`,
    next: poolCommand(pool, "zpool", "status"),
  }));
}

/** A replacement that nothing works on: its resilver was given up, or waits. */
function judgeReplacements(
  pool: AnsweringPool,
  activities: readonly Activity[],
  { now }: ActivityInputs,
): CheckFinding[] {
  // ZFS lets the old device go a moment after the resilver.
  const isFresh = pool.status.scans.some(({ kind, state, at }) =>
    kind === "resilver" && state === "finished" && now - (at - pool.zoneOffsetMs) < settlingMs
  );
  const isResilvering = activities.some(({ what }) => what === "resilver");
  const groups = pool.status.vdevs.filter(({ isLeaf, name }) => !isLeaf && /^replacing-[0-9]+$/.test(name));
  if (isResilvering || isFresh || groups.length === 0) return [];
  return [{
    check: "replacement-still",
    subject: poolLabel(pool),
    verdict: "warning",
    text: `a replacement stands still: ${groups.map(({ name }) => name).join(", ")} is there, and no resilver runs`,
    next: poolCommand(pool, "zpool", "resilver"),
  }];
}

function judgeCheckpoint(pool: AnsweringPool, { now, format }: ActivityInputs): CheckFinding[] {
  const { checkpoint } = pool.status;
  if (checkpoint === undefined) return [];
  const finding = { check: "checkpoint", subject: poolLabel(pool) };
  const holds = checkpoint.holds === undefined ? "" : `, which holds ${checkpoint.holds}`;
  if (checkpoint.at === undefined) return [{ ...finding, verdict: "ok", text: "its checkpoint is being discarded" }];
  const age = now - (checkpoint.at - pool.zoneOffsetMs);
  const isOld = age > oldCheckpointMs;
  return [{
    ...finding,
    verdict: isOld ? "warning" : "ok",
    text: `it has a checkpoint of ${format.duration(age)} ago${holds}` +
      (isOld ? ": as long as it stays, deleting frees no space and no device can be removed" : ""),
    next: poolCommand(pool, "zpool", "checkpoint", "-d"),
  }];
}
