/**
 * The reason of an aborted run: a signal that asked bzman to stop.
 *
 * @module
 */

/** The signals that bzman answers by stopping in good order, and the exit status each one leads to. */
export const interruptionExits = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type InterruptionSignal = keyof typeof interruptionExits;

/** A signal asked bzman to stop. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  /** Which one. */
  readonly signal: InterruptionSignal;

  /** @param signal Which one. */
  constructor(signal: InterruptionSignal) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }

  /** The exit status it leads to. */
  get exit(): number {
    return interruptionExits[this.signal];
  }
}
