/**
 * The first and the last lines of a stream of text that comes in pieces.
 *
 * @module
 */

/** How much of a stage's standard error is kept, in bytes (of UTF-16 units, strictly). */
export const tailLength = 8192;

/** No line is longer: a program that never ends one must not fill the memory. */
const longestLine = 8192;

/**
 * Cuts text into lines as it arrives. A carriage return ends a line too: programs draw progress with it.
 * Empty lines are dropped.
 */
export class LineSplitter {
  #rest = "";
  readonly #decoder = new TextDecoder();
  readonly #take: (line: string) => void;

  /** @param take Gets each complete line, without its end. */
  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  /** Takes the next piece. */
  push(chunk: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    this.#rest = lines.pop()!.slice(-longestLine);
    for (const line of lines) if (line !== "") this.#take(line);
  }

  /** The stream ended: what is left is a line. */
  end(): void {
    const line = this.#rest;
    this.#rest = "";
    if (line !== "") this.#take(line);
  }
}

/** So much of that is for the first lines: where a program complains at length, the cause often stands first. */
const headLength = 2048;

/** The line for those that were not kept is no longer. */
const gapLength = 64;

/** Keeps the first lines, and the last. */
export class Tail {
  readonly #head: string[] = [];
  #headRoom = headLength;
  readonly #lines: string[] = [];
  #length = 0;
  #dropped = 0;

  /** Adds a line. */
  push(line: string): void {
    const cut = line.slice(-(tailLength - headLength - gapLength) + 1);
    if (this.#lines.length === 0 && cut.length + 1 <= this.#headRoom) {
      this.#head.push(cut);
      this.#headRoom -= cut.length + 1;
      return;
    }
    this.#lines.push(cut);
    this.#length += cut.length + 1;
    while (this.#length > tailLength - headLength - gapLength) {
      this.#length -= this.#lines.shift()!.length + 1;
      this.#dropped += 1;
    }
  }

  /** The lines, each with its end. */
  toString(): string {
    const gap = this.#dropped === 0 ? [] : [`[bzman left out ${this.#dropped} lines here]`];
    return [...this.#head, ...gap, ...this.#lines].map((line) => `${line}\n`).join("");
  }
}
