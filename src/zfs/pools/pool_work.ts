/**
 * What `zpool status` says behind `remove:`, `expand:` and `checkpoint:`. OpenZFS 2.1 tells no expansion.
 *
 * @module
 */

import { ctime, parseCtime, parseProgress, type WorkProgress } from "./work_progress.ts";

/** A removal of a device, or an expansion of a raidz group, that is under way. */
export interface PoolWork extends WorkProgress {
  readonly kind: "removal" | "expansion";
  /** The device that goes, or the group that grows. */
  readonly device: string;
  /** When it began, in milliseconds since 1970 as if the host's local time were UTC. */
  readonly at: number;
  /** Whether ZFS says that it waits, for a resilver or for `zpool clear`. */
  readonly isPaused: boolean;
}

const removal = new RegExp(`^Evacuation of (.+) in progress since ${ctime}`);
const expansion = new RegExp(`^expansion of (.+) in progress since ${ctime}`);

/** Reads one; `undefined` for work that has ended, or is of a kind that is not known. */
export function parsePoolWork(text: string): PoolWork | undefined {
  const goes = removal.exec(text);
  const [, device = "", at = ""] = goes ?? expansion.exec(text) ?? [];
  if (device === "") return undefined;
  return {
    kind: goes ? "removal" : "expansion",
    device,
    at: parseCtime(at),
    isPaused: /paused|waiting for/i.test(text),
    ...parseProgress(text),
  };
}

/** A checkpoint: the whole pool as it was at one moment. */
export interface Checkpoint {
  /** When it was made, as {@linkcode PoolWork.at}; `undefined` while it is being discarded. */
  readonly at: number | undefined;
  /** The space that it holds, in ZFS's own words. */
  readonly holds: string | undefined;
}

/** Reads it; `undefined` for none. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const made = new RegExp(`^created ${ctime}(?:, consumes (\\S+))?`).exec(text);
  if (made) return { at: parseCtime(made[1] ?? ""), holds: made[2] };
  return /^discarding/.test(text) ? { at: undefined, holds: /([0-9.]+[A-Z]*) remaining/.exec(text)?.[1] } : undefined;
}
