/**
 * Ends a process by force, step by step: TERM, after a grace KILL, and when even that has no effect it is abandoned.
 * A process stuck in the kernel (a suspended pool) takes no signal until its system call returns, perhaps never.
 *
 * @module
 */

import { childEnvironment } from "./environment.ts";
import { shell } from "./shell.ts";

/** A process that can be ended. It leads a process group of its own. */
export interface Terminable {
  readonly pid: number;
  /** Signals the process itself. Does nothing when it is gone. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  /** Settles when the process is gone. Never rejects. */
  readonly ended: Promise<unknown>;
}

/** The waits of the ladder, in milliseconds. */
export interface Ladder {
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
export async function terminate(process: Terminable, ladder: Ladder = {}): Promise<"ended" | "abandoned"> {
  await signalTree(process, "SIGTERM");
  if (await within(process.ended, ladder.graceMs ?? 5000)) return "ended";
  await signalTree(process, "SIGKILL");
  return await within(process.ended, ladder.abandonMs ?? 2000) ? "ended" : "abandoned";
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

// The child's own handle first, since it cannot hit a stranger; then the group, for what the child started.
async function signalTree(process: Terminable, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  process.kill(signal);
  try {
    // Deno.kill would need permission to run everything; the shell's own kill needs none but the shell's.
    await new Deno.Command(shell, {
      args: ["-c", 'kill -s "$1" -- "-$2"', "sh", signal.slice(3), String(process.pid)],
      clearEnv: true,
      env: childEnvironment(),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
  } catch {
    // No process to spare for a shell: the direct signal above has to do.
  }
}
