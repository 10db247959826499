/**
 * Syslog, through one long-lived `logger` process. Nothing here throws or waits without a limit: a `logger` that is
 * missing, dies or hangs never disturbs a run.
 *
 * @module
 */

import { endChild, type InputChild, startReader } from "./child_input.ts";
import { type SyslogLevel, syslogLine } from "./syslog_line.ts";

/** How to reach syslog. */
export interface SyslogOptions {
  /** The absolute path of `logger`; `undefined`: there is none, and every line is dropped. */
  readonly logger: string | undefined;
  /** The process number that the lines carry. */
  readonly pid: number;
}

/** At most so many lines wait for `logger`; then the newest are dropped, and counted. */
const maxWaiting = 5_000;
/** `logger` is started at most so often in a run. */
const maxStarts = 3;
/** The wait for `logger` to take the last lines, in milliseconds. */
const closeMs = 2_000;

/** The way to syslog. */
export class Syslog {
  readonly #options: SyslogOptions;
  readonly #waiting: string[] = [];
  #child: InputChild | undefined;
  #pump: Promise<void> | undefined;
  #starts = 0;
  #lost = 0;
  #closed = false;

  /** Starts nothing yet: `logger` starts with the first line. */
  constructor(options: SyslogOptions) {
    this.#options = options;
  }

  /** How many lines never reached `logger`. */
  get lost(): number {
    return this.#lost;
  }

  /** Sends one line, as soon as `logger` takes it. */
  write(level: SyslogLevel, message: string): void {
    if (this.#closed || this.#options.logger === undefined || this.#waiting.length >= maxWaiting) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(syslogLine(level, message));
    this.#pump ??= this.#run().finally(() => this.#pump = undefined);
  }

  /** Sends what waits, at most for a moment, and ends `logger`. Idempotent. */
  async close(limitMs: number = closeMs): Promise<void> {
    this.#closed = true;
    // Until here an idle `logger` kept nobody from ending; now its end is waited for.
    this.#child?.ref();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<"late">((resolve) => timer = setTimeout(() => resolve("late"), limitMs));
    const late = await Promise.race([this.#drain(), limit]);
    clearTimeout(timer);
    // From here on none is started again.
    this.#starts = maxStarts;
    if (late === "late" && this.#child !== undefined) await endChild(this.#child, 500);
    await this.#pump;
    this.#child = undefined;
    this.#lost += this.#waiting.splice(0).length;
  }

  async #drain(): Promise<void> {
    while (this.#pump !== undefined) await this.#pump;
    const child = this.#child;
    if (child === undefined) return;
    await child.stdin.close().catch(() => {});
    await child.status;
  }

  /** Writes until nothing waits, in as few writes as `logger`'s pace allows. */
  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const child = this.#child ??= this.#start();
      if (child === undefined) {
        this.#lost += this.#waiting.splice(0).length;
        return;
      }
      const batch = this.#waiting.splice(0);
      const writer = child.stdin.getWriter();
      try {
        await writer.write(new TextEncoder().encode(batch.join("")));
      } catch {
        // It died. What it did not take goes to its successor; a line may then come twice, but none is lost.
        this.#child = undefined;
        this.#waiting.unshift(...batch);
        continue;
      } finally {
        writer.releaseLock();
      }
    }
  }

  #start(): InputChild | undefined {
    const { logger, pid } = this.#options;
    if (logger === undefined || this.#starts >= maxStarts) return undefined;
    this.#starts += 1;
    try {
      const argv = ["--prio-prefix", "-t", "bzman", `--id=${pid}`, "--size", "8192", "--skip-empty"];
      const child = startReader(logger, argv, "null");
      if (!this.#closed) child.unref();
      return child;
    } catch {
      return undefined;
    }
  }
}
