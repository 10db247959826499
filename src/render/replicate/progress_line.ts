/**
 * The live line of a terminal: which dataset, how far, how fast, how long still.
 *
 * @module
 */

import { bytesText } from "../text/bytes.ts";
import { durationText } from "../text/duration.ts";
import { terminalText } from "../text/terminal_text.ts";
import { fit } from "../text/text_width.ts";

/** How far the transfer of one stream is. */
export interface TransferProgress {
  /** The dataset or snapshot on its way. */
  readonly name: string;
  readonly doneBytes: bigint;
  readonly totalBytes?: bigint | undefined;
}

/** What the live line needs of the world. */
export interface ProgressOptions {
  /** Writes to the terminal; `undefined` when there is none: then nothing is ever written. */
  readonly write: ((text: string) => void) | undefined;
  /** The terminal's width in cells, asked anew for every line. */
  readonly columns: () => number;
  /** Milliseconds, of a clock that never goes back. */
  readonly clock: () => number;
}

/** Draws at most so often, in milliseconds. */
const pauseMs = 150;
/** The rate is that of the last so many milliseconds. */
const windowMs = 10_000;

/** A line that is drawn over itself. */
export class ProgressLine {
  readonly #options: ProgressOptions;
  #drawn = false;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #name = "";
  #points: { at: number; bytes: bigint }[] = [];

  /** @param options Where to draw. */
  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /** Shows a state; also the first call of a new name. */
  update(state: TransferProgress): void {
    if (this.#options.write === undefined) return;
    const now = this.#options.clock();
    this.#remember(state, now);
    if (now - this.#drawnAt < pauseMs) return;
    this.#drawnAt = now;
    this.#drawn = true;
    // The last cell stays empty: some terminals wrap as soon as it is filled.
    const width = Math.max(10, this.#options.columns() - 1);
    this.#options.write(`\r\x1b[K${progressText(state, this.#rate(), width)}`);
  }

  /** Erases the line: before other output, and at the end. The next update draws it again. */
  clear(): void {
    if (!this.#drawn) return;
    this.#drawn = false;
    this.#drawnAt = Number.NEGATIVE_INFINITY;
    this.#options.write?.("\r\x1b[K");
  }

  #remember(state: TransferProgress, now: number): void {
    const last = this.#points.at(-1);
    if (state.name !== this.#name || (last !== undefined && state.doneBytes < last.bytes)) this.#points = [];
    this.#name = state.name;
    this.#points.push({ at: now, bytes: state.doneBytes });
    while (this.#points.length > 2 && now - (this.#points[0]?.at ?? now) > windowMs) this.#points.shift();
  }

  /** Bytes a second lately, or `undefined` while it is too early to say. */
  #rate(): number | undefined {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < 500) return undefined;
    return Number(last.bytes - first.bytes) * 1000 / (last.at - first.at);
  }
}

/**
 * The words of the line: `tank/home  1.20 GiB of 4.00 GiB (30 %)  112 MiB/s  25 s left`.
 *
 * @param rate Bytes a second.
 * @param width The cells there are: the name is shortened first, keeping its end.
 */
export function progressText(state: TransferProgress, rate: number | undefined, width: number): string {
  const figures = figuresText(state, rate);
  const name = fit(terminalText(state.name), Math.max(8, width - figures.length - 2), "end");
  return fit(`${name}  ${figures}`, width, "start");
}

function figuresText({ doneBytes, totalBytes }: TransferProgress, rate: number | undefined): string {
  const parts: string[] = [];
  if (totalBytes === undefined || totalBytes <= 0n) {
    parts.push(bytesText(doneBytes));
  } else {
    // An estimate can be too small; more than 100 % would only confuse.
    const percent = doneBytes >= totalBytes ? 100 : Number(doneBytes * 100n / totalBytes);
    parts.push(`${bytesText(doneBytes)} of ${bytesText(totalBytes)} (${percent} %)`);
  }
  if (rate !== undefined) {
    parts.push(`${bytesText(rate)}/s`);
    if (totalBytes !== undefined && rate > 0 && doneBytes < totalBytes) {
      parts.push(`${durationText(Number(totalBytes - doneBytes) * 1000 / rate)} left`);
    }
  }
  return parts.join("  ");
}
