/**
 * Paths of files and folders.
 *
 * @module
 */

import { quoted } from "./quoted.ts";

/**
 * Checks a path. Whether something is there is found out by whoever opens it.
 *
 * @throws {SyntaxError} When it is empty or holds a control character.
 */
export function parseFilePath(text: string): string {
  if (text === "") throw new SyntaxError("the path is empty");
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f]/.test(text)) {
    throw new SyntaxError(`${quoted(text)} is not a path: it holds a control character`);
  }
  return text;
}
