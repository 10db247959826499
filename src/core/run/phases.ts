/**
 * Measures the phases of a run. A phase that is entered again (a retry sends again) adds up; where two parts of one run side by
 * side, the time counts once.
 *
 * @module
 */

import type { Clock, Host } from "../ports.ts";
import { type PhaseName, phaseNames, type PhaseTime } from "../record.ts";
import type { Listener } from "./events.ts";

/** The phase in which a host is listed. */
export function listPhase({ isLocal }: Pick<Host, "isLocal">): PhaseName {
  return isLocal ? "list local" : "list remote";
}

/** The stopwatch of one run. */
export class Phases {
  readonly #elapsed = new Map<PhaseName, number>();
  /** The phases that run, with when each was entered and how many parts of it still run. */
  readonly #open = new Map<PhaseName, { readonly begin: number; parts: number }>();
  readonly #clock: Clock;
  readonly #listener: Listener;

  /** @param clock Milliseconds; a monotonic one serves best. */
  constructor(clock: Clock, listener: Listener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Runs `work` as a phase; its time counts also when it fails. */
  async measure<T>(phase: PhaseName, work: () => Promise<T>): Promise<T> {
    this.#enter(phase);
    try {
      return await work();
    } finally {
      this.#leave(phase);
    }
  }

  #enter(phase: PhaseName): void {
    const open = this.#open.get(phase);
    if (open) {
      open.parts++;
      return;
    }
    this.#open.set(phase, { begin: this.#clock(), parts: 1 });
    this.#listener({ kind: "phase-begin", phase });
  }

  #leave(phase: PhaseName): void {
    const open = this.#open.get(phase);
    if (open === undefined || --open.parts > 0) return;
    this.#open.delete(phase);
    const elapsedMs = Math.max(0, this.#clock() - open.begin);
    this.#elapsed.set(phase, (this.#elapsed.get(phase) ?? 0) + elapsedMs);
    this.#listener({ kind: "phase-end", phase, elapsedMs });
  }

  /** The phases so far, in their order, in whole milliseconds: so the record and what is printed agree. */
  get times(): readonly PhaseTime[] {
    return phaseNames.flatMap((phase) => {
      const elapsedMs = this.#elapsed.get(phase);
      return elapsedMs === undefined ? [] : [{ phase, elapsedMs: Math.round(elapsedMs) }];
    });
  }
}
