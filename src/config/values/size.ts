/**
 * Sizes and rates: `256M`, `1.5G`, `50M` a second. K, M, G and T are powers of 1024, as in `zfs` and `mbuffer`.
 *
 * @module
 */

import { quoted } from "./quoted.ts";

const units = ["", "K", "M", "G", "T"] as const;
const kibi = 1024;
const mebi = kibi ** 2;
const tebi = kibi ** 4;

/**
 * Reads a size.
 *
 * @returns Bytes.
 * @throws {SyntaxError} When the text is no size.
 */
export function parseSize(text: string): number {
  const parts = /^([0-9]{1,12}(?:\.[0-9]{1,3})?)([KMGT]?)(?:i?B)?$/i.exec(text);
  if (!parts) throw new SyntaxError(`${quoted(text)} is not a size; write a number with K, M, G or T, such as 256M`);
  const power = units.findIndex((unit) => unit === (parts[2] ?? "").toUpperCase());
  return Math.round(Number(parts[1]) * kibi ** power);
}

/**
 * Reads a rate, for the whole run.
 *
 * @returns Bytes a second.
 * @throws {SyntaxError} When the text is no rate.
 * @throws {RangeError} When it is below 1K or above 1T a second.
 */
export function parseRate(text: string): number {
  const rate = parseSize(text.replace(/\/s$/i, ""));
  if (rate < kibi || rate > tebi) {
    throw new RangeError(`${quoted(text)} is out of range; allowed are 1K to 1T a second`);
  }
  return rate;
}

/**
 * Reads the memory for mbuffer.
 *
 * @returns The same size as mbuffer takes it: whole `k` or `M`.
 * @throws {SyntaxError} When the text is no size.
 * @throws {RangeError} When it is below 1M or above 1T.
 */
export function parseBufferSize(text: string): string {
  const bytes = parseSize(text);
  if (bytes < mebi || bytes > tebi) throw new RangeError(`${quoted(text)} is out of range; allowed are 1M to 1T`);
  return bytes % mebi === 0 ? `${bytes / mebi}M` : `${Math.floor(bytes / kibi)}k`;
}
