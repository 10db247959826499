/**
 * Sorts the lines that come from a remote pipeline's standard error: the frames with each stage's status, the words
 * of each stage, and those of ssh itself.
 *
 * @module
 */

import type { Stage } from "../../core/ports.ts";
import { programName } from "./stages.ts";
import { Tail } from "../process/lines.ts";

/** What is known of the stages behind one ssh. */
export class RemoteReport {
  readonly #stages: readonly Stage[];
  readonly #nonce: string;
  readonly #onLine: (line: string, index: number) => void;
  readonly #statuses: (number | undefined)[];
  /** All lines that are no frames: for finding out what ssh said. */
  readonly words: Tail = new Tail();
  #begun = false;

  /** @param onLine Gets each line that a stage wrote, with the stage's index. */
  constructor(stages: readonly Stage[], nonce: string, onLine: (line: string, index: number) => void) {
    this.#stages = stages;
    this.#nonce = nonce;
    this.#onLine = onLine;
    this.#statuses = stages.map(() => undefined);
  }

  /** Whether the script there has begun. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Whether every stage has reported. */
  get complete(): boolean {
    return this.#statuses.every((status) => status !== undefined);
  }

  /** The status that a stage reported. */
  status(index: number): number | undefined {
    return this.#statuses[index];
  }

  /** Whether a stage reported a failure. */
  get failed(): boolean {
    return this.#statuses.some((status) => status !== undefined && status !== 0);
  }

  /** Takes one line in. */
  take(line: string): void {
    const [word, index, status] = line.split(" ");
    if (word !== this.#nonce) this.#takeWords(line);
    else if (index === "begin") this.#begun = true;
    else if (Number(index) < this.#statuses.length) this.#statuses[Number(index)] = Number(status);
  }

  #takeWords(line: string): void {
    this.words.push(line);
    if (this.#begun) this.#onLine(line, this.#speaker(line));
  }

  // The stages share one standard error. A buffer puts its name before what it says, and so does the shell when it
  // cannot start it; all else is the words of zfs.
  #speaker(line: string): number {
    const named = this.#stages.findIndex((stage) =>
      stage.role === "buffer" && new RegExp(`(?:^|[\\s:/])${RegExp.escape(programName(stage))}: `).test(line)
    );
    return named === -1 ? Math.max(0, this.#stages.findIndex((stage) => stage.role !== "buffer")) : named;
  }
}
