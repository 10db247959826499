/**
 * The time within which a run tries again: five minutes after the last progress, whatever takes them. Pauses, listings, proofs
 * and steps all share the one deadline, and none is begun, or waited for, beyond it.
 *
 * A stream is begun within it too; once it flows its own limit holds (`stall_timeout.ts`), and where it gets further it is progress.
 *
 * @module
 */

import { exitStatus, type FaultParts } from "../fault.ts";
import type { Clock, Host, RunLimits } from "../ports.ts";

/** All retries of a run end within this time after the last progress, in milliseconds. */
const windowMs = 5 * 60_000;
/** With less left no step is begun, in milliseconds: of one that is ended at once nobody knows what it did. */
const stepMs = 30_000;
/** The first pause before a retry, in milliseconds; each further one is three times as long, up to the longest. */
const firstPauseMs = 4_000;
const longestPauseMs = 60_000;
/** The limit of a command that names none, see {@linkcode RunLimits.timeoutMs}. */
const usualLimitMs = 120_000;

/** What a dataset that was never tried again for want of time is told to have, unless its own fault is known. */
export const tooLate: FaultParts = {
  errorClass: "retries-over",
  what: "not retried",
  why: "five minutes passed without progress",
  next: "run the same command again: it resumes where this run stopped",
  temporary: true,
  exit: exitStatus.failed,
};

/** The deadline of one run's retries. It counts from the last progress, and holds from {@linkcode RetryWindow.begin} on. */
export class RetryWindow {
  readonly #monotonic: Clock;
  #progressAt: number;
  #begun = false;

  /** @param monotonic Milliseconds that never jump. */
  constructor(monotonic: Clock) {
    this.#monotonic = monotonic;
    this.#progressAt = monotonic();
  }

  /** Notes progress: the deadline moves on. */
  progress(): void {
    this.#progressAt = this.#monotonic();
  }

  /** Something failed and is to be tried again: from now on the deadline holds. */
  begin(): void {
    this.#begun = true;
  }

  /** Whether something is being tried again. */
  get hasBegun(): boolean {
    return this.#begun;
  }

  /** Ends the retrying: what follows has limits of its own. */
  end(): void {
    this.#begun = false;
  }

  /** Milliseconds that are left; less than 0 when it is over, infinite while nothing is tried again. */
  get leftMs(): number {
    return this.#begun ? this.#progressAt + windowMs - this.#monotonic() : Infinity;
  }

  /** Whether the time is up. */
  get isOver(): boolean {
    return this.leftMs <= 0;
  }

  /** Whether a step may be begun. */
  get allowsStep(): boolean {
    return this.leftMs >= stepMs;
  }

  /** The same host, on which nothing is waited for beyond the deadline. It is none for a stage: there a host must be itself. */
  bound(host: Host): Host {
    const within = (limits: RunLimits = {}): RunLimits => {
      const { leftMs } = this;
      if (leftMs === Infinity) return limits;
      return { ...limits, timeoutMs: Math.max(1, Math.min(limits.timeoutMs ?? usualLimitMs, leftMs)) };
    };
    return {
      label: host.label,
      isLocal: host.isLocal,
      run: (argv, limits) => host.run(argv, within(limits)),
      runAll: (commands, limits) => host.runAll(commands, within(limits)),
      close: () => host.close(),
    };
  }
}

/**
 * The pause before the next try, in milliseconds, or `undefined` where a try after it would begin too late.
 *
 * @param idle How many tries there were since the last progress, the one that just failed included.
 * @param random From 0 to 1: spreads the tries of several runs.
 * @param leftMs What is left of the window.
 */
export function retryPauseMs(idle: number, random: number, leftMs: number): number | undefined {
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 3 ** Math.max(0, idle - 1)) * (0.75 + random / 2);
  return leftMs - pauseMs < stepMs ? undefined : pauseMs;
}
