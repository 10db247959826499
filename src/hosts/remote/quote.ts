/**
 * Words of a command → text for a shell, and back.
 *
 * A remote command passes through two shells: the login shell of the remote user (sh, bash, zsh, ksh, csh, tcsh or
 * fish) and the `sh` that bzman asks it to start. The outer layer is one pair of single quotes around a text that
 * holds no single quote, no control character and no two backslashes in a row: every one of those shells takes such a
 * text literally. The inner layer is double quotes; whatever means something inside them is spelt as an octal
 * piece: `it's` becomes `"it$(printf "\047")s"`.
 *
 * The grammar is closed: {@linkcode parseWords} accepts exactly what {@linkcode quoteWords} writes.
 *
 * @module
 */

/**
 * The longest remote command in bytes. Linux refuses a single word over 128 KiB (E2BIG), and the login shell gets the
 * whole command as one word; the rest is room for bzman's own frame.
 */
export const maxRemoteCommandBytes = 120_000;

// What the inner double quotes leave alone: printable ASCII without ! " $ ' \ and `.
const plain = /[ #%&()*+,\-./0-9:;<=>?@A-Z[\]^_a-z{|}~]/;
// deno-lint-ignore no-control-regex -- control characters are what it looks for
const control = /[\u0000-\u001f\u007f]/;
// Of the environment there nothing passes: a shell would take functions from it, and they go before programs.
const wrapper = "/usr/bin/env -i /bin/sh -c";
const octalPiece = /\$\(printf "((?:\\[0-7]{3})+)"\)/y;

/**
 * Quotes one word for `sh`.
 *
 * @throws {RangeError} If the word holds a control character or half a surrogate pair.
 */
export function quoteWord(word: string): string {
  if (control.test(word)) throw new RangeError(`Control character in ${JSON.stringify(word)}`);
  if (!word.isWellFormed()) throw new RangeError(`Half a surrogate pair in ${JSON.stringify(word)}`);
  let out = '"';
  let hard = "";
  for (const character of word) {
    if (plain.test(character)) {
      out += octal(hard) + character;
      hard = "";
    } else hard += character;
  }
  return `${out}${octal(hard)}"`;
}

/**
 * Quotes a command for `sh`: its words, separated by one space.
 *
 * @throws {RangeError} If there is no word, or one cannot be quoted.
 */
export function quoteWords(words: readonly string[]): string {
  if (words.length === 0) throw new RangeError("A command needs at least one word");
  return words.map(quoteWord).join(" ");
}

/**
 * Wraps a script in the one form that every login shell hands on unchanged.
 *
 * @throws {RangeError} If the script holds what single quotes do not protect everywhere, or is too long.
 */
export function shellCommand(script: string): string {
  if (control.test(script) || script.includes("'") || script.includes("\\\\")) {
    throw new RangeError("The script holds characters that single quotes do not protect in every shell");
  }
  const command = `${wrapper} '${script}'`;
  if (command.length > maxRemoteCommandBytes) {
    throw new RangeError(`A remote command of ${command.length} bytes is over the limit of ${maxRemoteCommandBytes}`);
  }
  return command;
}

/**
 * The script inside the wrapper: the inverse of {@linkcode shellCommand}.
 *
 * @throws {SyntaxError} If the text has another form.
 */
export function parseShellCommand(text: string): string {
  const head = `${wrapper} '`;
  const script = text.startsWith(head) ? /^([^']*)'$/.exec(text.slice(head.length))?.[1] : undefined;
  if (script === undefined || control.test(script) || script.includes("\\\\")) {
    throw new SyntaxError(`Not a command of the form ${wrapper} '…'`);
  }
  return script;
}

/** Words read from the start of a text, and where reading stopped. */
export interface ParsedWords {
  readonly words: readonly string[];
  readonly end: number;
}

/**
 * Reads as many quoted words as follow each other at `start`, separated by one space.
 *
 * @throws {SyntaxError} If there is none, or one is not spelt as {@linkcode quoteWord} spells it.
 */
export function readWords(text: string, start = 0): ParsedWords {
  const words: string[] = [];
  let at = start;
  while (text[at] === '"') {
    const [word, end] = readWord(text, at);
    words.push(word);
    at = end;
    if (text[at] !== " " || text[at + 1] !== '"') break;
    at++;
  }
  if (words.length === 0) throw new SyntaxError(`No quoted word at ${start}`);
  return { words, end: at };
}

/**
 * Reads one command: the inverse of {@linkcode quoteWords}.
 *
 * @throws {SyntaxError} If the text is anything else.
 */
export function parseWords(text: string): readonly string[] {
  const { words, end } = readWords(text);
  if (end !== text.length) throw new SyntaxError(`Unexpected text at ${end}`);
  return words;
}

/**
 * A command as a person would type it into a POSIX shell, for messages. Control characters show as `?`.
 *
 * @example `displayCommand(["zfs", "list", "tank/my data"])` is `zfs list 'tank/my data'`.
 */
export function displayCommand(words: readonly string[]): string {
  return words.map((word) => {
    // deno-lint-ignore no-control-regex -- they must not reach a terminal
    const shown = word.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "?");
    return /^[\w./:@%+,=^-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
  }).join(" ");
}

function octal(characters: string): string {
  if (characters === "") return "";
  const bytes = [...new TextEncoder().encode(characters)];
  return `$(printf "${bytes.map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")}")`;
}

function readWord(text: string, start: number): [word: string, end: number] {
  let word = "";
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    octalPiece.lastIndex = at;
    const piece = octalPiece.exec(text);
    if (piece !== null) {
      word += decode(piece[1]!);
      at = octalPiece.lastIndex;
    } else if (plain.test(text[at]!)) word += text[at++];
    else throw new SyntaxError(`Unexpected character at ${at}`);
  }
  const end = at + 1;
  if (text[at] !== '"' || !sameSpelling(word, text.slice(start, end))) {
    throw new SyntaxError(`Not a quoted word at ${start}`);
  }
  return [word, end];
}

function decode(piece: string): string {
  const bytes = Uint8Array.from(piece.match(/[0-7]{3}/g)!, (digits) => Number.parseInt(digits, 8) & 255);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SyntaxError("An octal piece is not UTF-8");
  }
}

// One spelling a word: anything else was not written by quoteWord, so it is refused rather than understood.
function sameSpelling(word: string, text: string): boolean {
  try {
    return quoteWord(word) === text;
  } catch {
    return false;
  }
}
