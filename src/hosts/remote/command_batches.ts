/**
 * Cuts a list of commands into calls that are short enough for one remote command each.
 *
 * @module
 */

import { maxRemoteCommandBytes, quoteWords } from "./quote.ts";

/** A call is filled up to this, in bytes; what is left to the limit is for the frame around the commands. */
const batchBytes = Math.floor(maxRemoteCommandBytes * 0.8);

/** What the frame adds to each command, in bytes: its separator and its report. */
const overheadBytes = 16;

/**
 * Cuts the list, in order.
 *
 * @throws {RangeError} If one command alone is too long, or cannot be quoted.
 */
export function commandBatches(commands: readonly (readonly string[])[]): readonly (readonly (readonly string[])[])[] {
  const result: (readonly string[])[][] = [];
  let room = 0;
  for (const argv of commands) {
    const bytes = quoteWords(argv).length + overheadBytes;
    if (bytes > maxRemoteCommandBytes) throw new RangeError(`A remote command of ${bytes} bytes is too long`);
    if (result.length === 0 || bytes > room) {
      result.push([]);
      room = batchBytes;
    }
    result.at(-1)!.push(argv);
    room -= bytes;
  }
  return result;
}
