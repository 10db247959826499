/**
 * A whole number within limits.
 *
 * @module
 */

import { quoted } from "./quoted.ts";

/**
 * Makes a reader of whole numbers.
 *
 * @param least The smallest that is allowed.
 * @param most The largest that is allowed.
 * @returns A function that throws {SyntaxError} for no number and {RangeError} for one outside the limits.
 */
export function countBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    if (!/^[0-9]+$/.test(text)) throw new SyntaxError(`${quoted(text)} is not a whole number`);
    const count = Number(text);
    if (count < least || count > most) {
      throw new RangeError(`${quoted(text)} is out of range; allowed are ${least} to ${most}`);
    }
    return count;
  };
}
