/**
 * Watches over a running pipeline until its last process is gone: aborts, stalls, and processes that linger after the
 * others have ended.
 *
 * @module
 */

import type { PipelineOutcome } from "../../core/ports.ts";
import type { RunningSegment } from "./running_segment.ts";
import { type StallClock, watchCounters, type Watched } from "./stall_detection.ts";

/** How long the others have to end by themselves after one has, in milliseconds. */
export interface GracePeriods {
  /** Those before one that failed: their reader is gone. */
  readonly beforeFailedMs: number;
  /** Those after one that failed: a receiver saves what it has, a buffer empties itself. */
  readonly afterFailedMs: number;
  /** Those before one that ended well: nobody will read what they still write. */
  readonly beforeDoneMs: number;
}

/** The usual patience. */
export const defaultGracePeriods: GracePeriods = { beforeFailedMs: 5000, afterFailedMs: 10_000, beforeDoneMs: 15_000 };

/** A stopped pipeline must be gone within 10 seconds, its remote side included. */
const abortTimeouts = { graceMs: 4000, abandonMs: 1500 };

/** How often to look, in milliseconds. */
const lookMs = 250;

/** Short pipelines need no look at counters; they begin after so many milliseconds. */
const countersAfterMs = 1500;

/** What bounds the wait. */
export interface Supervision {
  readonly signal: AbortSignal | undefined;
  readonly stallMs: number;
  readonly clock: StallClock;
  readonly grace: GracePeriods;
  /** Called once when bzman stops the segments, beside their own end. Its result is waited for. */
  readonly onStop: () => Promise<void>;
}

/**
 * Waits for all segments.
 *
 * @param subscribe Gets the function to call whenever a segment changes.
 * @returns Why bzman stopped them, if it did.
 */
export async function supervise(
  segments: readonly RunningSegment[],
  { signal, stallMs, clock, grace, onStop }: Supervision,
  subscribe: (check: () => void) => void,
): Promise<PipelineOutcome["stopped"]> {
  const over = Promise.withResolvers<void>();
  let stopped: PipelineOutcome["stopped"];
  let stopping: Promise<void> | undefined;
  const check = () => {
    if (segments.every((segment) => segment.over)) return over.resolve();
    if (stopped === undefined && signal?.aborted) stopped = "aborted";
    if (stopped === undefined && clock.idleMs > stallMs) stopped = "stalled";
    if (stopped !== undefined) stopping ??= onStop();
    const now = performance.now();
    for (const [index, segment] of segments.entries()) {
      if (stopped !== undefined) segment.end(abortTimeouts);
      else if (now > deadline(segments, index, grace)) segment.end({});
    }
  };
  subscribe(check);
  const timer = setInterval(check, lookMs);
  signal?.addEventListener("abort", check);
  let stopCounting = () => Promise.resolve();
  const counters = setTimeout(() => {
    stopCounting = watchCounters(watched(segments), () => clock.progress());
  }, countersAfterMs);
  try {
    check();
    await over.promise;
    await stopping;
    return stopped;
  } finally {
    clearTimeout(counters);
    clearInterval(timer);
    signal?.removeEventListener("abort", check);
    await stopCounting();
    // A process may be gone while the signal for its group is still being sent.
    await Promise.all(segments.map((segment) => segment.ending));
  }
}

/** When a segment that still runs has to be over, on the clock of `performance.now()`. */
function deadline(segments: readonly RunningSegment[], index: number, grace: GracePeriods): number {
  const { beforeFailedMs, afterFailedMs, beforeDoneMs } = grace;
  const limits = segments.map(({ failedAt, endedAt }, other) => {
    if (failedAt !== undefined) return failedAt + (other > index ? beforeFailedMs : afterFailedMs);
    return other > index && endedAt !== undefined ? endedAt + beforeDoneMs : Infinity;
  });
  return Math.min(...limits);
}

function watched(segments: readonly RunningSegment[]): readonly Watched[] {
  return segments.flatMap(({ segment, process }) => {
    return segment.kind === "ssh" ? [] : [{ pid: process.pid, role: segment.stage.role }];
  });
}
