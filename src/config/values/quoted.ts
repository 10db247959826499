/**
 * A value as a message shows it.
 *
 * @module
 */

/** The most characters of a value that a message shows. */
const maxShown = 80;

/** The text in quotes, escaped as in JSON, its end cut where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > maxShown ? `${text.slice(0, maxShown)}…` : text);
}
