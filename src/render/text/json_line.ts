/**
 * JSON documents for standard output, which may be a terminal.
 *
 * @module
 */

/** What a terminal obeys and `JSON.stringify` lets through: C1 controls, and marks that turn the direction of text. */
const unsafe = /[\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A document in one line, with its line end. It reads back as it was; what a terminal would obey is spelled out. */
export function jsonLine(document: unknown): string {
  const text = JSON.stringify(document).replaceAll(
    unsafe,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}
