/**
 * Which snapshots may go, and why each of the others stays. Pure: the proof by property, holds and clones is asked later,
 * for the few candidates alone.
 *
 * @module
 */

import { snapshotTime } from "../../zfs/names/bzman_names.ts";
import type { Guid } from "../../zfs/names/names.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import type { Keep } from "../keep.ts";

/** What retention knows of one dataset. */
export interface RetentionInput {
  /** Oldest first. */
  readonly snapshots: readonly Snapshot[];
  readonly prefix: string;
  readonly adopt: boolean;
  readonly keep: Keep;
  /** Milliseconds since 1970; `undefined` where the clocks disagree: then nothing is too old. */
  readonly nowMs: number | undefined;
  /** The newest common version of this job, and of every other job that left a bookmark. */
  readonly needed: ReadonlySet<Guid>;
  /** Versions newer than this one were not replicated yet, in this listing: `undefined` when none is known. */
  readonly newestCommonTxg: bigint | undefined;
  /**
   * A transfer from this version on was begun and did not end: whatever is newer may be the last that the target has by
   * now. `undefined` when none is under way.
   */
  readonly busySinceTxg: bigint | undefined;
}

/** What retention decided of one snapshot. */
export interface RetentionVerdict {
  readonly snapshot: Snapshot;
  readonly action: "keep" | "destroy";
  readonly reason: string;
  /** It is not made by bzman, and the user wants it gone all the same. */
  readonly foreign?: true;
}

/** Decides every snapshot of one dataset. */
export function retain(input: RetentionInput): RetentionVerdict[] {
  const newest = input.snapshots.at(-1);
  const own = input.snapshots.filter((snapshot) => timeOf(snapshot, input) !== undefined);
  const recent = new Set(input.keep.kind === "count" && input.keep.count > 0 ? own.slice(-input.keep.count) : []);
  return input.snapshots.map((snapshot) => {
    const keep = (reason: string): RetentionVerdict => ({ snapshot, action: "keep", reason });
    const time = timeOf(snapshot, input);
    if (time === undefined) return keep("not made by bzman");
    if (input.needed.has(snapshot.guid)) return keep("the newest common snapshot of a job");
    if (snapshot === newest) return keep("the newest");
    // Until something is common, the next copy may still need any of them.
    if (input.newestCommonTxg === undefined) return keep("no common snapshot yet");
    if (input.busySinceTxg !== undefined && snapshot.createtxg > input.busySinceTxg) {
      return keep("a transfer of it has not finished");
    }
    switch (input.keep.kind) {
      case "age": {
        if (input.nowMs === undefined) return keep("kept: the hosts' clocks differ by more than a minute");
        const ageMs = input.nowMs - time;
        if (ageMs < input.keep.ms) return keep(`younger than ${days(input.keep.ms)}`);
        return { snapshot, action: "destroy", reason: `older than ${days(input.keep.ms)}` };
      }
      case "count":
        if (recent.has(snapshot)) return keep(`among the last ${input.keep.count}`);
        return { snapshot, action: "destroy", reason: `beyond the last ${input.keep.count}` };
      case "none":
        if (snapshot.createtxg > input.newestCommonTxg) return keep("not replicated yet");
        return { snapshot, action: "destroy", reason: "replicated, and none are kept" };
    }
  });
}

function timeOf(snapshot: Snapshot, input: RetentionInput): number | undefined {
  return snapshotTime(snapshot.name, input.prefix, input.adopt);
}

function days(ms: number): string {
  const count = ms / 86_400_000;
  return count >= 1 ? `${Math.round(count * 10) / 10} days` : `${Math.round(ms / 60_000)} minutes`;
}
