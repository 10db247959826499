/**
 * A length of time: `90s`, `10m`, `24h`, `7d`, `2w`, `1d12h`.
 *
 * @module
 */

import { quoted } from "./quoted.ts";

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** The longest time that makes sense here: 100 years, in milliseconds. */
const maxMs = 100 * 365 * 86_400_000;

/**
 * Reads a length of time.
 *
 * @returns Milliseconds, more than 0.
 * @throws {SyntaxError} When the text is no time.
 * @throws {RangeError} When it is 0 or more than 100 years.
 */
export function parseDuration(text: string): number {
  if (!/^(?:[0-9]{1,9}[smhdw])+$/.test(text)) {
    throw new SyntaxError(`${quoted(text)} is not a time; write a number with s, m, h, d or w, such as 24h or 7d`);
  }
  let ms = 0;
  for (const [, digits = "", unit = ""] of text.matchAll(/([0-9]+)([smhdw])/g)) {
    ms += Number(digits) * (unitMs[unit] ?? 0);
  }
  if (ms === 0) throw new RangeError(`${quoted(text)} is no time at all; the shortest is 1s`);
  if (ms > maxMs) throw new RangeError(`${quoted(text)} is longer than 100 years`);
  return ms;
}

/** The shortest way to write a length of time: `7d` for 604800000. */
export function formatDuration(ms: number): string {
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000}d`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return `${Math.round(ms / 1000)}s`;
}
