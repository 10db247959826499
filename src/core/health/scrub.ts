/**
 * Whether a pool is scrubbed often enough, and what the last scrub found. Pure.
 *
 * @module
 */

import type { Scan } from "../../zfs/pools/scan.ts";
import type { CheckFinding, Formatters } from "../check.ts";
import { type AnsweringPool, poolCommand, poolLabel } from "./pool_inspection.ts";

/** What the judgement of a scrub depends on, besides the pool. Times are in milliseconds since 1970. */
export interface ScrubInputs {
  readonly now: number;
  /** A scrub that ended longer ago is overdue, in milliseconds. */
  readonly scrubAgeMs: number;
  /** The end of the last whole scrub as the record knows it: ZFS forgets it at the next scan. */
  readonly recordedScrubAt: number | undefined;
  readonly format: Formatters;
}

/** How long a repair stays news, in milliseconds: nothing else clears it before the next scrub. */
const repairNewsMs = 2 * 86_400_000;
/** A scrub that is paused for longer was forgotten, in milliseconds. */
const pausedMs = 86_400_000;

/** When the last whole scrub ended, as far as ZFS or the record knows; milliseconds since 1970. */
export function lastScrubAt(pool: AnsweringPool, recordedScrubAt: number | undefined): number | undefined {
  const scrub = scanOf(pool, "scrub");
  return scrub?.state === "finished" ? scrub.at : recordedScrubAt;
}

/** How the scrubs of a pool stand, for a table: `3 d 4 h ago`, `running, 40 %`. */
export function scrubText(pool: AnsweringPool, { now, recordedScrubAt, format }: ScrubInputs): string {
  const scrub = scanOf(pool, "scrub");
  if (scrub?.state === "running") return `running, ${Math.floor(scrub.percent ?? 0)} %`;
  if (scrub?.state === "paused") return `paused at ${Math.floor(scrub.percent ?? 0)} %`;
  const at = lastScrubAt(pool, recordedScrubAt);
  if (at === undefined) return "never";
  return `${format.duration(now - at)} ago${repaired(scrub) === undefined ? "" : `, ${repaired(scrub)} repaired`}`;
}

/** What is wrong with the scrubs of a pool; nothing when all is well. */
export function judgeScrub(pool: AnsweringPool, inputs: ScrubInputs): CheckFinding[] {
  const { now, format } = inputs;
  const scrub = scanOf(pool, "scrub");
  const age = scrub === undefined ? 0 : now - scrub.at;
  const found: CheckFinding[] = [];
  const warn = (check: string, text: string, next: string): void => {
    found.push({ check, subject: poolLabel(pool), verdict: "warning", text, next });
  };
  const again = poolCommand(pool, "zpool", "scrub");
  if (scrub?.state === "finished" && scrub.errors > 0n && pool.status.dataErrors === 0n) {
    warn("scrub-errors", `its last scrub met ${scrub.errors} errors that it could not repair`, again);
  } else if (repaired(scrub) !== undefined && age < repairNewsMs) {
    const text = `the scrub that ended ${format.duration(age)} ago had to repair ${repaired(scrub)}`;
    warn("scrub-repaired", text, `${poolCommand(pool, "zpool", "status", "-v")} shows which disk erred`);
  }
  if (scrub?.state === "paused") {
    const text = `its scrub is paused for ${format.duration(age)}, ${scrub.percent ?? 0} % done`;
    if (age > pausedMs) warn("scrub-paused", text, again);
    else found.push({ check: "scrub-paused", subject: poolLabel(pool), verdict: "ok", text, next: again });
  }
  const late = scrub?.state === "running" ? undefined : overdue(pool, inputs);
  if (late !== undefined) warn("scrub-overdue", late, again);
  return found;
}

function overdue(pool: AnsweringPool, { now, scrubAgeMs, recordedScrubAt, format }: ScrubInputs): string | undefined {
  const last = lastScrubAt(pool, recordedScrubAt);
  if (last !== undefined) {
    const text = `its last scrub ended ${format.duration(now - last)} ago, more than ${format.duration(scrubAgeMs)}`;
    return now - last > scrubAgeMs ? text : undefined;
  }
  // A resilver compares what it reads with other disks: where no scrub is known, it counts as well as the pool's birth.
  const resilver = scanOf(pool, "resilver");
  const from = Math.max(pool.space.createdAt, resilver?.state === "finished" ? resilver.at : 0);
  const text = `no scrub is known, and it is ${format.duration(now - pool.space.createdAt)} old`;
  return now - from > scrubAgeMs ? text : undefined;
}

/** How much a finished scrub repaired, in ZFS's words; `undefined` for nothing. */
function repaired(scrub: Scan | undefined): string | undefined {
  return scrub?.state === "finished" && !/^0B?$/.test(scrub.repaired ?? "0") ? scrub.repaired : undefined;
}

/** A scan, its time in UTC. */
function scanOf(pool: AnsweringPool, kind: Scan["kind"]): Scan | undefined {
  const scan = pool.status.scans.find((entry) => entry.kind === kind);
  return scan && { ...scan, at: scan.at - pool.zoneOffsetMs };
}
