/**
 * The longest time in which a stream may move no byte: `10m`.
 *
 * @module
 */

import { formatDuration, parseDuration } from "./duration.ts";
import { quoted } from "./quoted.ts";

/** The shortest that makes sense, in milliseconds: a pool writes out what it received every five seconds and longer. */
const minMs = 10_000;

/**
 * Reads the limit.
 *
 * @returns Milliseconds.
 * @throws {SyntaxError} When the text is no time.
 * @throws {RangeError} When it is too short to tell a stall from a pause.
 */
export function parseStall(text: string): number {
  const ms = parseDuration(text);
  if (ms < minMs) throw new RangeError(`${quoted(text)} is too short; the shortest is ${formatDuration(minMs)}`);
  return ms;
}
