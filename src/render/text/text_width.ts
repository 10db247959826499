/**
 * How wide text is on a terminal.
 *
 * @module
 */

const nothing = /^[\p{Mark}\p{Format}]$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]$|^\p{Emoji_Presentation}$/u;

/** The number of terminal cells a line takes. */
export function textWidth(text: string): number {
  // Nearly everything is plain ASCII.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += cells(character);
  return width;
}

function cells(character: string): number {
  return nothing.test(character) ? 0 : wide.test(character) ? 2 : 1;
}

/** Shortens text to a number of cells; what is cut away is marked by `…` at the end, or at the start. */
export function fit(text: string, width: number, keep: "start" | "end"): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return "";
  const characters = keep === "start" ? [...text] : [...text].reverse();
  const kept: string[] = [];
  let used = 1;
  for (const character of characters) {
    used += cells(character);
    if (used > width) break;
    kept.push(character);
  }
  return keep === "start" ? `${kept.join("")}…` : `…${kept.reverse().join("")}`;
}

/** Fills text with spaces to a number of cells. */
export function pad(text: string, width: number, align: "left" | "right"): string {
  const spaces = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "left" ? text + spaces : spaces + text;
}
