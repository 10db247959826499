/**
 * How much content is compared: `20`, or `all`.
 *
 * @module
 */

import type { ContentAmount } from "../settings.ts";
import { countBetween } from "./count.ts";
import { quoted } from "./quoted.ts";

/** More at random than this takes as long as all. */
export const maxPicked = 1000;

const parseNumber = countBetween(1, maxPicked);

/**
 * Reads a number or `all`.
 *
 * @throws {SyntaxError} When the text is neither.
 * @throws {RangeError} When the number is out of range.
 */
export function parseContent(text: string): ContentAmount {
  if (text === "all") return "all";
  if (/^[0-9]+$/.test(text)) return parseNumber(text);
  throw new SyntaxError(`${quoted(text)} is neither a number nor all`);
}
