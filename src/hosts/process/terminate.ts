/**
 * Ends a process by force, step by step: TERM, after a grace KILL, and when even that has no effect it is abandoned.
 * A process stuck in the kernel (a suspended pool) takes no signal until its system call returns, perhaps never.
 *
 * @module
 */

import { type GroupLeader, signalGroup } from "../../process_group.ts";

/** A process that can be ended. */
export interface Terminable extends GroupLeader {
  /** Settles when the process is gone. Never rejects. */
  readonly ended: Promise<unknown>;
}

/** The waits of the ladder, in milliseconds. */
export interface StopTimeouts {
  /**
   * Between TERM and KILL.
   *
   * @default {5000}
   */
  readonly graceMs?: number;
  /**
   * Between KILL and giving up.
   *
   * @default {2000}
   */
  readonly abandonMs?: number;
}

/**
 * Ends the process and the group it leads.
 *
 * @returns Whether it is gone, or still there and left alone.
 */
export async function terminate(process: Terminable, timeouts: StopTimeouts = {}): Promise<"ended" | "abandoned"> {
  await signalGroup(process, "SIGTERM");
  if (await within(process.ended, timeouts.graceMs ?? 5000)) return "ended";
  await signalGroup(process, "SIGKILL");
  return await within(process.ended, timeouts.abandonMs ?? 2000) ? "ended" : "abandoned";
}

/** Whether the promise settles before so many milliseconds have passed. */
export async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true, () => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
