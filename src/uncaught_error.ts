/**
 * The reason of an aborted run: an error that nothing caught, in a timer or in a promise that nobody waits for. It is a defect
 * of bzman, or a machine without a process or memory to spare; the run still leaves its record and its mail.
 *
 * @module
 */

/** An error that nothing caught. */
export class UncaughtError extends Error {
  override readonly name = "UncaughtError";

  /** @param cause What was thrown; the message and the stack are those of it. */
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    if (cause instanceof Error && cause.stack !== undefined) this.stack = cause.stack;
  }
}

/** The error that nothing caught, where one aborted the signal. */
export function uncaughtIn(signal: AbortSignal): UncaughtError | undefined {
  return signal.aborted && signal.reason instanceof UncaughtError ? signal.reason : undefined;
}
