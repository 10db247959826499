/**
 * Lays plain text out for help.
 *
 * @module
 */

/** A heading. By hand: `styleText` of `node:util` costs 13 ms at every start. */
export function title(text: string, colors: boolean): string {
  return colors ? `\x1b[1m${text}\x1b[0m` : text;
}

/**
 * Wraps words behind a lead.
 *
 * @param lead What the first line begins with; the others are indented as far.
 * @param words The text.
 * @param width The most characters of a line.
 * @returns Lines, each with its end.
 */
export function hanging(lead: string, words: string, width: number): string {
  const indent = " ".repeat(lead.length);
  const lines: string[] = [];
  let line = lead;
  for (const word of words.split(" ")) {
    const separator = line === lead || line === indent ? "" : " ";
    if (separator !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line += separator + word;
    }
  }
  return [...lines, line].map((text) => `${text}\n`).join("");
}
