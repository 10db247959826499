/**
 * One process of a pipeline: started through `node:child_process`, because only there can the output of one process be
 * given to the next as it is. No byte of the stream passes through JavaScript.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { LineSplitter } from "../process/lines.ts";
import type { Terminable } from "../process/terminate.ts";

/** What to start. */
export interface StageCommand {
  /** The absolute path of the program, and its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether anything reads what it writes. */
  readonly feedsNext: boolean;
  /** Gets each line of standard error. */
  readonly onLine: (line: string) => void;
}

/** A process that was started. */
export class StageProcess implements Terminable {
  readonly #child: ChildProcess;
  readonly #lines: LineSplitter;
  #status: number | undefined;
  #spawnError: string | undefined;
  /** The exit status; 128 + N for signal N; 126 when it could not be started. Never rejects. */
  readonly ended: Promise<number>;

  /** Starts it. `input` is the standard output of the process before; it is given away. */
  constructor(command: StageCommand, input: Readable | undefined) {
    const [program = "", ...args] = command.argv;
    this.#lines = new LineSplitter(command.onLine);
    this.#child = spawn(program, args, {
      env: { ...command.env },
      // A group of its own: Ctrl-C reaches bzman alone, which then stops the stages in order.
      detached: true,
      stdio: [input ?? "ignore", command.feedsNext ? "pipe" : "ignore", "pipe"],
    });
    // The next process has its own copy. With this one open, a dead consumer would leave its producer hanging.
    input?.destroy();
    this.#child.stderr?.on("data", (chunk: Uint8Array) => this.#lines.push(chunk));
    // A pipe that breaks has ended; an error that nobody listens to would end bzman.
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on("error", () => {});
    this.ended = this.#wait();
  }

  /** The process id; -1 when it could not be started. */
  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** What the next process reads. */
  get output(): Readable | undefined {
    return this.#child.stdout ?? undefined;
  }

  /** Its exit status once it has ended. */
  get status(): number | undefined {
    return this.#status;
  }

  /** Signals it; nothing when it is gone. */
  kill(signal: "SIGTERM" | "SIGKILL"): void {
    if (this.#status === undefined) this.#child.kill(signal);
  }

  /** Lets bzman end although the process does not. */
  abandon(): void {
    this.#child.unref();
    this.#closeStderr();
  }

  async #wait(): Promise<number> {
    // Not `close`, which waits for standard error to end: the ssh master or a grandchild may keep it open.
    const status = await new Promise<number>((resolve) => {
      this.#child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
      this.#child.on("error", (error) => {
        this.#spawnError ??= error.message;
        if (this.#child.pid === undefined) resolve(126);
      });
    });
    await this.#drain();
    if (this.#child.pid === undefined) this.#lines.push(new TextEncoder().encode(`${this.#spawnError}\n`));
    this.#lines.end();
    this.#status = status;
    return status;
  }

  // What the process wrote last is still in the pipe when it exits: that is usually the reason.
  async #drain(): Promise<void> {
    const stderr = this.#child.stderr;
    if (stderr === null || stderr.readableEnded || stderr.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 500);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      stderr.once("end", done);
      stderr.once("close", done);
    });
    this.#closeStderr();
  }

  #closeStderr(): void {
    this.#child.stderr?.destroy();
  }
}
