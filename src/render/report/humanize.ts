/**
 * Round amounts in as few characters as they take: labels of axes, lengths of periods.
 *
 * @module
 */

import { bytesText } from "../text/bytes.ts";
import { durationText } from "../text/duration.ts";

/** A length of time: `24 h`, `20 min`, `7 days`; what is not round, as everywhere. */
export function spanText(ms: number): string {
  if (ms >= 172_800_000 && ms % 86_400_000 === 0) return `${ms / 86_400_000} days`;
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  if (ms >= 1000 && ms % 1000 === 0) return `${ms / 1000} s`;
  return durationText(ms);
}

/** A byte count: `6 GiB`. */
export function roundBytesText(count: number): string {
  return bytesText(count).replace(/\.0+ /, " ");
}
