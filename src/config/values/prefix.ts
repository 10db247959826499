/**
 * What the names of bzman's snapshots begin with.
 *
 * @module
 */

import { quoted } from "./quoted.ts";

/** The most characters, so that 255 bytes leave room for dataset and time. */
const maxPrefixCharacters = 64;

/**
 * Checks a prefix against what ZFS allows in the name of a snapshot.
 *
 * @throws {SyntaxError} Says which rule the text breaks.
 */
export function parsePrefix(text: string): string {
  if (text === "") throw new SyntaxError("a prefix cannot be empty");
  if (text.startsWith("-")) throw new SyntaxError(`${quoted(text)} is not a prefix: it begins with '-'`);
  const strange = text.match(/[^A-Za-z0-9_.:-]/u);
  if (strange) {
    throw new SyntaxError(
      `${quoted(text)} is not a prefix: it holds ${quoted(strange[0])}; allowed are A-Z a-z 0-9 _ . : -`,
    );
  }
  if (text.length > maxPrefixCharacters) {
    throw new SyntaxError(`${quoted(text)} is not a prefix: it is longer than ${maxPrefixCharacters} characters`);
  }
  return text;
}
