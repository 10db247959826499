/** A process that cannot outlive this one. */

const tether = new URL("./tether", import.meta.url).pathname;

/** A command that runs behind `lab/machine/tether` and dies with us. */
export class Tethered {
  /** The process number of the command itself. */
  readonly pid: number;
  readonly #child: Deno.ChildProcess;
  readonly #leash: WritableStreamDefaultWriter<Uint8Array>;
  readonly #words: ReadableStreamDefaultReader<Uint8Array>;
  #ended = false;

  private constructor(
    pid: number,
    child: Deno.ChildProcess,
    words: ReadableStreamDefaultReader<Uint8Array>,
  ) {
    this.pid = pid;
    this.#child = child;
    this.#leash = child.stdin.getWriter();
    this.#words = words;
    child.status.then(() => this.#ended = true);
  }

  /** Starts a command; what it prints joins our standard error. */
  static async start(command: readonly string[]): Promise<Tethered> {
    const child = new Deno.Command(tether, {
      args: [...command],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const words = child.stdout.getReader();
    const first = await words.read();
    const pid = Number(new TextDecoder().decode(first.value));
    if (!(pid > 1)) throw new Error(`could not start ${command[0]}`);
    return new Tethered(pid, child, words);
  }

  /** Whether the command is over. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Sends a signal to the command itself. */
  signal(signal: Deno.Signal): void {
    if (!this.#ended) Deno.kill(this.pid, signal);
  }

  /** Ends the command at once and waits until it is gone. */
  async kill(): Promise<void> {
    await this.#leash.close().catch(() => {/* it went by itself */});
    await this.#child.status;
    await this.#words.cancel();
  }
}
