/**
 * Makes text harmless for a terminal.
 *
 * @module
 */

/** Control characters, and the marks that turn the direction of text: both can make a line say what it does not. */
// deno-lint-ignore no-control-regex
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * One line of text without anything a terminal would obey: control characters become visible escapes such as `\x1b`.
 *
 * @param text Whatever came from another machine, a name, a message.
 */
export function terminalText(text: string): string {
  return text.replaceAll(unsafe, escape).toWellFormed();
}

/** The same for text of several lines, whose line ends and tabs stay. */
export function terminalLines(text: string): string {
  return text.replaceAll("\r\n", "\n").split("\n")
    .map((line) => line.split("\t").map(terminalText).join("\t"))
    .join("\n");
}

/**
 * What to type next, as lines under a finding: the first behind a word, the others below it. Alternatives have a line
 * each.
 */
export function nextLines(next: string): string[] {
  return terminalLines(next).split("\n").map((line, index) =>
    `          ${index === 0 ? "fix: " : "         "}${line}`
  );
}

function escape(character: string): string {
  switch (character) {
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    case "\t":
      return "\\t";
    default: {
      const code = character.charCodeAt(0);
      return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
    }
  }
}
