/**
 * Notices that a pipeline moves no bytes, without touching them: by the progress lines of `zfs send`, and by what
 * the kernel counts for each local process in /proc/PID/io.
 *
 * The counters of ssh do not count: its keep-alives move bytes on a stalled stream too, and the shared master carries
 * other sessions.
 *
 * @module
 */

import type { Stage } from "../../core/ports.ts";
import { childEnvironment } from "../process/environment.ts";
import { shell } from "../../shell.ts";
import { LineSplitter } from "../process/lines.ts";

// Deno keeps /proc from programs without all permissions, so a shell reads it: builtins only, but for one sleep a
// second. It ends by SIGPIPE when bzman is gone.
const script = `
while :; do
  l=
  for p; do
    r=0; w=0
    { while read -r k v; do case $k in rchar:) r=$v ;; wchar:) w=$v ;; esac; done < "/proc/$p/io"; } 2>/dev/null
    l="$l $r $w"
  done
  echo "$l"
  sleep 1
done
`;

/** A process to watch. */
export interface Watched {
  readonly pid: number;
  readonly role: Stage["role"];
}

// A sender writes a line of progress each second too, also when nothing moves: so little proves nothing.
const senderNoiseBytes = 2048;

/** How long after a shell could not be started it is tried again, in milliseconds. */
const againMs = 5000;

/**
 * Calls `onProgress` whenever the counters of a process grow. Where no process is to be had for that now (EAGAIN, ENOMEM),
 * it is tried again and again; until then nothing is known, which counts as progress: a stream is not ended on a guess.
 *
 * @param start Starts the shell, for tests.
 * @returns How to stop it. Never rejects.
 */
export function watchCounters(
  processes: readonly Watched[],
  onProgress: () => void,
  start: (pids: readonly number[]) => Deno.ChildProcess = startReading,
): () => Promise<void> {
  if (processes.length === 0) return () => Promise.resolve();
  let stop = (): Promise<void> => Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const attempt = (): void => {
    try {
      stop = readCounters(start(processes.map(({ pid }) => pid)), processes, onProgress);
    } catch {
      onProgress();
      timer = setTimeout(attempt, againMs);
      stop = () => Promise.resolve(clearTimeout(timer));
    }
  };
  attempt();
  return () => stop();
}

function startReading(pids: readonly number[]): Deno.ChildProcess {
  return new Deno.Command(shell, {
    args: ["-c", script, "bzman-watch", ...pids.map(String)],
    clearEnv: true,
    env: childEnvironment(),
    stdin: "null",
    stdout: "piped",
    stderr: "null",
    detached: true,
  }).spawn();
}

function readCounters(
  child: Deno.ChildProcess,
  processes: readonly Watched[],
  onProgress: () => void,
): () => Promise<void> {
  let last: readonly number[] = [];
  const lines = new LineSplitter((line) => {
    const now = line.trim().split(" ").map(Number);
    const grown = now.map((count, index) => count - (last[index] ?? 0));
    if (processes.some(({ role }, index) => moved(role, grown[2 * index] ?? 0, grown[2 * index + 1] ?? 0))) {
      onProgress();
    }
    last = now;
  });
  const reader = child.stdout.getReader();
  const pump = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) lines.push(next.value);
  })().catch(() => {});
  return async () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It ended by itself.
    }
    await reader.cancel().catch(() => {});
    await Promise.all([pump, child.status]);
  };
}

function moved(role: Stage["role"], readBytes: number, writtenBytes: number): boolean {
  switch (role) {
    case "send":
      return writtenBytes > senderNoiseBytes;
    case "buffer":
      return readBytes + writtenBytes > 0;
    case "receive":
      return readBytes > 0;
  }
}

/** Knows how long nothing has moved. */
export class StallClock {
  readonly #now: () => number;
  #since: number;
  #longest = 0;
  #position: string | undefined;

  /** @param now Milliseconds that never jump. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** Something moved. */
  progress(): void {
    this.#longest = Math.max(this.#longest, this.idleMs);
    this.#since = this.#now();
  }

  /** A position in the stream was reported; only a new one is progress. */
  at(position: string): void {
    if (position !== this.#position) this.progress();
    this.#position = position;
  }

  /** Milliseconds since something moved. */
  get idleMs(): number {
    return this.#now() - this.#since;
  }

  /** The longest silence after which something moved again, in milliseconds. */
  get longestMs(): number {
    return this.#longest;
  }
}
