/**
 * Standard output and standard error of the process, as commands see them.
 *
 * @module
 */

import type { Output } from "../session/context.ts";

/** What the process gives: `Deno.stdout` or `Deno.stderr`. */
export interface Stream {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/** The longest a reader may leave a full pipe unread, in milliseconds, before the rest is dropped. */
const patienceMs = 10_000;

/** An output and what went wrong with it. */
export interface SystemOutput extends Output {
  /** Why text was lost, such as a full disk; not for a reader that simply went away. */
  readonly error: Error | undefined;
}

/**
 * Makes an output of a stream.
 *
 * @param stream Where text goes.
 * @param env Looks `NO_COLOR`, `FORCE_COLOR` and `TERM` up.
 * @param width Asks for the width of the terminal.
 */
export function systemOutput(
  stream: Stream,
  env: (name: string) => string | undefined,
  width: () => number | undefined,
): SystemOutput {
  const isTerminal = stream.isTerminal();
  const encoder = new TextEncoder();
  let used = false;
  let closed = false;
  let failure: Error | undefined;
  return {
    isTerminal,
    colors: wantsColors(isTerminal, env),
    get columns() {
      return isTerminal ? width() : undefined;
    },
    get used() {
      return used;
    },
    get closed() {
      return closed;
    },
    get error() {
      return failure;
    },
    write(text) {
      if (text === "" || closed) return;
      used = true;
      try {
        writeAll(stream, encoder.encode(text));
      } catch (error) {
        closed = true;
        if (!(error instanceof Deno.errors.BrokenPipe) && error instanceof Error) failure = error;
      }
    },
  };
}

function wantsColors(isTerminal: boolean, env: (name: string) => string | undefined): boolean {
  if ((env("NO_COLOR") ?? "") !== "") return false;
  const force = env("FORCE_COLOR");
  if (force !== undefined && force !== "" && force !== "0") return true;
  return isTerminal && env("TERM") !== "dumb";
}

function writeAll(stream: Stream, bytes: Uint8Array): void {
  const since = performance.now();
  for (let at = 0; at < bytes.length;) {
    try {
      at += stream.writeSync(bytes.subarray(at));
    } catch (error) {
      // A terminal that another program (ssh) made non-blocking is full for a moment.
      if (!(error instanceof Deno.errors.WouldBlock) || performance.now() - since > patienceMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
