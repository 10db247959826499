/**
 * Feeding a child process through its standard input.
 *
 * @module
 */

import { signalGroup } from "../process_group.ts";

/** A child that reads from us; its own output is dropped, or its standard error kept in part. */
export type InputChild = Deno.ChildProcess;

/**
 * Starts a program with a pipe to its standard input.
 *
 * It gets a process group of its own: Ctrl-C at a terminal reaches the whole group of bzman, and what tells of the
 * interruption must outlive it. It ends by itself when the pipe closes.
 *
 * @throws {Error} When the program cannot be started.
 */
export function startReader(program: string, argv: readonly string[], stderr: "null" | "piped"): InputChild {
  return new Deno.Command(program, {
    args: [...argv],
    stdin: "piped",
    stdout: "null",
    stderr,
    detached: true,
    clearEnv: true,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
  }).spawn();
}

/**
 * Ends a child and what it started: TERM, then KILL when it has not gone after a grace in milliseconds. Resolves when the
 * child is gone.
 */
export async function endChild(child: InputChild, graceMs: number): Promise<void> {
  const leader = { pid: child.pid, kill: (signal: Deno.Signal) => kill(child, signal) };
  await signalGroup(leader, "SIGTERM");
  let killed: Promise<void> | undefined;
  const timer = setTimeout(() => killed = signalGroup(leader, "SIGKILL"), graceMs);
  await child.status;
  clearTimeout(timer);
  await killed;
}

function kill(child: InputChild, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch { /* it has ended */ }
}
