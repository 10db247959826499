/**
 * Measures the phases of a run. A phase that is entered again (a retry sends again) adds up.
 *
 * @module
 */

import type { Clock } from "../ports.ts";
import { type PhaseName, phaseNames, type PhaseTime } from "../record.ts";
import type { Listener } from "./events.ts";

/** The stopwatch of one run. */
export class Phases {
  readonly #elapsed = new Map<PhaseName, number>();
  readonly #clock: Clock;
  readonly #listener: Listener;

  /** @param clock Milliseconds; a monotonic one serves best. */
  constructor(clock: Clock, listener: Listener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Runs `work` as a phase; its time counts also when it fails. */
  async measure<T>(phase: PhaseName, work: () => Promise<T>): Promise<T> {
    const begin = this.#clock();
    this.#listener({ kind: "phase-begin", phase });
    try {
      return await work();
    } finally {
      const elapsedMs = Math.max(0, this.#clock() - begin);
      this.#elapsed.set(phase, (this.#elapsed.get(phase) ?? 0) + elapsedMs);
      this.#listener({ kind: "phase-end", phase, elapsedMs });
    }
  }

  /** The phases so far, in their order, in whole milliseconds: so the record and what is printed agree. */
  get times(): readonly PhaseTime[] {
    return phaseNames.flatMap((phase) => {
      const elapsedMs = this.#elapsed.get(phase);
      return elapsedMs === undefined ? [] : [{ phase, elapsedMs: Math.round(elapsedMs) }];
    });
  }
}
