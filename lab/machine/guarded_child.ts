/** A process that cannot outlive this one. */

const guard = new URL("./guard_child", import.meta.url).pathname;

/** A command that runs behind `lab/machine/guard_child` and dies with us. */
export class GuardedChild {
  /** The process number of the command itself. */
  readonly pid: number;
  readonly #child: Deno.ChildProcess;
  readonly #held: WritableStreamDefaultWriter<Uint8Array>;
  readonly #told: ReadableStreamDefaultReader<Uint8Array>;
  #ended = false;

  private constructor(
    pid: number,
    child: Deno.ChildProcess,
    told: ReadableStreamDefaultReader<Uint8Array>,
  ) {
    this.pid = pid;
    this.#child = child;
    this.#held = child.stdin.getWriter();
    this.#told = told;
    child.status.then(() => this.#ended = true);
  }

  /** Starts a command; what it prints joins our standard error. */
  static async start(command: readonly string[]): Promise<GuardedChild> {
    const child = new Deno.Command(guard, {
      args: [...command],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const told = child.stdout.getReader();
    const first = await told.read();
    const pid = Number(new TextDecoder().decode(first.value));
    if (!(pid > 1)) throw new Error(`could not start ${command[0]}`);
    return new GuardedChild(pid, child, told);
  }

  /** Whether the command is over. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Sends a signal to the process group that is led by what the command started. */
  async signalGroupBelow(signal: "STOP" | "CONT"): Promise<void> {
    if (this.#ended) return;
    const script =
      `for leader in $(cat /proc/${this.pid}/task/${this.pid}/children); do kill -${signal} -- -$leader; done`;
    const { success, stderr } = await new Deno.Command("bash", { args: ["-c", script], stdin: "null" }).output();
    if (!success) throw new Error(`no signal ${signal}: ${new TextDecoder().decode(stderr).trim()}`);
  }

  /** Ends the command at once and waits until it is gone. */
  async kill(): Promise<void> {
    await this.#held.close().catch(() => {/* it went by itself */});
    await this.#child.status;
    await this.#told.cancel();
  }
}
