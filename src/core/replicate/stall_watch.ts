/**
 * Gives the streams of one run their limits of silence, and keeps what they showed.
 *
 * @module
 */

import type { PlanInput } from "../plan/plan_input.ts";
import type { StreamStep } from "../plan/step.ts";
import { type ObservedSilence, type StreamSilence, timeoutForSilence, updateSilence } from "../run/observed_silence.ts";
import type { TransferResult } from "../run/transfer_result.ts";
import { stallTimeoutMs } from "./stall_timeout.ts";

/** The limits of one run. */
export class StallWatch {
  readonly #givenMs: number | undefined;
  readonly #known: ObservedSilence | undefined;
  #heard: StreamSilence | undefined;

  /**
   * @param givenMs What the user asked for, in milliseconds: then nothing else counts.
   * @param known What the record knows of the target.
   */
  constructor(givenMs: number | undefined, known: ObservedSilence | undefined) {
    this.#givenMs = givenMs;
    this.#known = known;
  }

  /** How long the stream of a step may move no byte, in milliseconds. */
  limitMs(step: StreamStep, input: Pick<PlanInput, "source" | "target">): number {
    return this.#givenMs ?? Math.max(stallTimeoutMs(step, input), timeoutForSilence(this.#known));
  }

  /** Notes how a stream ended that had this limit, in milliseconds. */
  note({ fault, silentMs }: Pick<TransferResult, "fault" | "silentMs">, limitMs: number): void {
    const { wentOnMs = 0, endedMs = 0 } = this.#heard ?? {};
    this.#heard = {
      wentOnMs: Math.max(wentOnMs, silentMs),
      endedMs: fault?.errorClass === "stalled" ? Math.max(endedMs, limitMs) : endedMs,
    };
  }

  /** What is known by now of the target. */
  known(now: number): ObservedSilence | undefined {
    return this.#heard === undefined ? this.#known : updateSilence(this.#known, this.#heard, now);
  }
}
