/**
 * A wrong word on the command line, in the environment or in the config file: nothing ran, and nothing will before the
 * word is fixed.
 *
 * @module
 */

/** What is wrong, in one line, and what to type instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What to do now, a sentence without its full stop: `See: bzman help log`. */
  readonly next: string;

  /**
   * @param message What is wrong, in one line.
   * @param next What to do now, a sentence.
   */
  constructor(message: string, next: string, options?: ErrorOptions) {
    super(message.replaceAll(/\s*\n\s*/g, " "), options);
    this.next = next;
  }
}

/**
 * Runs a reader of values and turns its complaint into a {@linkcode UsageError}.
 *
 * @param read The reader: throws SyntaxError or RangeError for a wrong word.
 * @param where Put before the complaint, such as `environment variable BZMAN_KEEP`.
 * @param next What to do now, a sentence.
 */
export function orUsageError<T>(read: () => T, where: string | undefined, next: string): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw new UsageError(where === undefined ? error.message : `${where}: ${error.message}`, next, { cause: error });
  }
}
