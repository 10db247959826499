/**
 * Patterns of datasets, relative to the source: `scratch`, `vm/*`.
 *
 * @module
 */

import { quoted } from "./quoted.ts";

/**
 * Checks a pattern: the characters of dataset names, and `*` for any of them.
 *
 * @throws {SyntaxError} Says which rule the text breaks.
 */
export function parsePattern(text: string): string {
  const fault = patternFault(text);
  if (fault !== undefined) throw new SyntaxError(`${quoted(text)} is not a pattern of datasets: ${fault}`);
  return text;
}

function patternFault(text: string): string | undefined {
  if (text === "") return "it is empty";
  if (text.startsWith("/")) return "it begins with '/'; write it relative to SOURCE";
  if (text.startsWith("-")) return "it begins with '-'";
  const strange = text.match(/[^A-Za-z0-9_.:%\/ *-]/u);
  if (strange) return `it holds ${quoted(strange[0])}, which no name of a dataset holds`;
  if (text.split("/").includes("")) return "it has an empty part between slashes";
  return undefined;
}
