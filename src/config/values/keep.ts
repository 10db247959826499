/**
 * How long snapshots are kept: `7d`, `504` or `none`.
 *
 * @module
 */

import type { Keep } from "../settings.ts";
import { countBetween } from "./count.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import { quoted } from "./quoted.ts";

/** The most snapshots of one dataset that may be asked for. */
export const maxKeptSnapshots = 100_000;

const parseNumber = countBetween(0, maxKeptSnapshots);

/**
 * Reads an age, a number of snapshots, or `none`.
 *
 * @throws {SyntaxError} When the text is none of them.
 * @throws {RangeError} When the number or the age is out of range.
 */
export function parseKeep(text: string): Keep {
  if (text === "none") return { kind: "none" };
  if (/^[0-9]+$/.test(text)) {
    const count = parseNumber(text);
    return count === 0 ? { kind: "none" } : { kind: "count", count };
  }
  if (/^[0-9]+[smhdw]/.test(text)) return { kind: "age", ms: parseDuration(text) };
  throw new SyntaxError(`${quoted(text)} is not an age (7d), a number of snapshots (504) or none`);
}

/** Writes it as it is typed. */
export function formatKeep(keep: Keep): string {
  switch (keep.kind) {
    case "age":
      return formatDuration(keep.ms);
    case "count":
      return String(keep.count);
    case "none":
      return "none";
  }
}
