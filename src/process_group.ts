/**
 * Signalling a process together with what it started.
 *
 * @module
 */

import { shell } from "./shell.ts";

/** A process that leads a process group of its own. */
export interface GroupLeader {
  readonly pid: number;
  /** Signals the process itself. Does nothing when it is gone. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

/**
 * Signals a process and the group it leads: its own handle first, since that cannot hit a stranger; then the group, for
 * what it started. Never rejects.
 */
export async function signalGroup(leader: GroupLeader, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  leader.kill(signal);
  try {
    // Deno.kill would need permission to run everything; the shell's own kill needs none but the shell's.
    await new Deno.Command(shell, {
      args: ["-c", 'kill -s "$1" -- "-$2"', "sh", signal.slice(3), String(leader.pid)],
      clearEnv: true,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
  } catch {
    // No process to spare for a shell: the direct signal above has to do.
  }
}
