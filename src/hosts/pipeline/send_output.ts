/**
 * Tells apart what a `zfs send -v -P` says about its progress and what it says about its failure.
 *
 * @module
 */

import { parseProgressLine } from "../../zfs/parsers/send_progress.ts";

// A resumed send prints its token first, with -v: harmless, but it would push the error out of sight.
const tokenLine = /^(?:resume token contents:|nvlist version: \d+|\t\w+ = .*)$/;

/** Whether a line tells of progress only, and so does not belong into the tail of an error. */
export function isSendProgress(line: string): boolean {
  return parseProgressLine(line) !== undefined || tokenLine.test(line);
}

/**
 * The part of a progress line that changes exactly when bytes move: without the time of day. `undefined` for a line
 * that proves nothing.
 */
export function progressPosition(line: string): string | undefined {
  const progress = parseProgressLine(line);
  if (progress === undefined) return undefined;
  return progress.kind === "sent" ? `${progress.bytes} ${progress.snapshot}` : line;
}
