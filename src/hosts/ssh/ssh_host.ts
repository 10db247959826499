/**
 * A machine behind ssh as a {@linkcode Host}.
 *
 * @module
 */

import type { ConnectionFault, Host, Outcome, RunLimits } from "../../core/ports.ts";
import { type Framed, type Frames, splitFrames } from "../remote/frames.ts";
import type { HostSettings } from "../local_host.ts";
import { commandBatches } from "../remote/command_batches.ts";
import { describeCall } from "../command_trace.ts";
import { defaultTimeoutMs, runProcess } from "../process/run_process.ts";
import { formatRemoteScript, freshNonce } from "../remote/remote_script.ts";
import { knownFault, shellFault, sshFault } from "./ssh_faults.ts";
import { type MasterStart, type SshMaster, startMaster } from "./ssh_master.ts";
import { masterArgv, sessionArgv, sshOptions, type SshSettings } from "./ssh_options.ts";

/** What a host behind ssh is made from. */
export interface SshHostSettings extends HostSettings {
  /** `host` or `user@host`, or a `Host` of the user's ssh configuration. */
  readonly destination: string;
  /** Makes the path of a fresh master socket, in a private folder; at most 90 bytes. */
  readonly socketPath: () => Promise<string>;
  readonly ssh?: SshSettings;
}

/** Ways to reach the host: the arguments for the sessions, or why there is none. */
export type Reach =
  | { readonly kind: "ready"; readonly sessionArgv: (command: string) => readonly string[] }
  | { readonly kind: "failed"; readonly outcome: Outcome };

/** Runs commands on another machine, over one shared connection. */
export class SshHost implements Host {
  readonly label: string;
  readonly isLocal = false;
  /** What it was made with. */
  readonly settings: SshHostSettings;
  #opening: Promise<MasterStart> | undefined;
  #master: SshMaster | undefined;
  #ownCiphers = true;
  readonly #closing = new AbortController();

  /** @throws {RangeError} If the destination could be taken for an option. */
  constructor(settings: SshHostSettings) {
    if (!/^[^-\s][^\s]*$/.test(settings.destination)) throw new RangeError(`Not a host: ${settings.destination}`);
    this.settings = settings;
    this.label = settings.destination;
  }

  /** See {@linkcode Host.run}. Throws a `RangeError` for a command that is too long or holds control characters. */
  async run(argv: readonly string[], limits: RunLimits = {}): Promise<Outcome> {
    const [outcome] = await this.#batch([argv], limits);
    return outcome!;
  }

  /**
   * See {@linkcode Host.runAll}. Throws a `RangeError` like {@linkcode run}, before anything runs. The elapsed time of
   * each outcome is that of the call that carried it.
   */
  async runAll(commands: readonly (readonly string[])[], limits: RunLimits = {}): Promise<readonly Outcome[]> {
    const deadline = performance.now() + (limits.timeoutMs ?? defaultTimeoutMs);
    const outcomes: Outcome[] = [];
    for (const batch of commandBatches(commands)) {
      const timeoutMs = Math.max(1, deadline - performance.now());
      outcomes.push(...await this.#batch(batch, { ...limits, timeoutMs }));
    }
    return outcomes;
  }

  /**
   * Connects when there is no connection, and says how to start a session.
   *
   * @param limits Of these, time and signal count.
   */
  async reach(limits: RunLimits = {}): Promise<Reach> {
    const started = performance.now();
    const start = await this.#connect(limits);
    const elapsedMs = performance.now() - started;
    if (typeof start === "string") return { kind: "failed", outcome: stoppedOutcome(start, elapsedMs) };
    if (start.kind === "failed") return { kind: "failed", outcome: this.#failed(start, elapsedMs) };
    const options = this.#options();
    const { socket } = start.master;
    return {
      kind: "ready",
      sessionArgv: (command) => sessionArgv(options, socket, this.settings.destination, command),
    };
  }

  /**
   * Explains why a session ended before its script did.
   *
   * @param begun Whether the script had begun at all.
   * @returns `undefined` when the connection is alive: then the session was a victim of something else.
   */
  async explain(
    status: number,
    stderr: string,
    stdout: string,
    begun: boolean,
  ): Promise<ConnectionFault | undefined> {
    // The master, and not the session, knows why a connection died; it may be a moment behind.
    if (status === 255) await this.#master?.lastWords();
    const alive = this.#master?.alive ?? false;
    const words = alive ? stderr : `${stderr}\n${this.#master?.stderr ?? ""}`;
    const known = knownFault(words, this.label);
    if (known !== undefined) return known;
    if (!begun && (alive || status !== 255)) return shellFault(stderr, stdout, status, this.label);
    return alive ? undefined : sshFault(words, 255, this.label);
  }

  /** Ends the connection, also one that is just being opened. Idempotent; no command may be run afterwards. */
  async close(): Promise<void> {
    this.#closing.abort();
    const opening = this.#opening;
    this.#opening = undefined;
    const start = await opening;
    if (start?.kind === "ready") await start.master.close();
  }

  #options(): readonly string[] {
    return sshOptions(this.settings.ssh ?? {}, this.#ownCiphers);
  }

  async #connect(limits: RunLimits): Promise<MasterStart | "aborted" | "timeout"> {
    if (this.#closing.signal.aborted) throw new Error(`The connection to ${this.label} was closed`);
    if (limits.signal?.aborted) return "aborted";
    if (this.#master?.alive === false) this.#opening = undefined;
    this.#opening ??= this.#open();
    const opening = this.#opening;
    // The limits of one caller end its own wait; others may be waiting for the same connection.
    const stop = Promise.withResolvers<"aborted" | "timeout">();
    const onAbort = () => stop.resolve("aborted");
    const timer = setTimeout(() => stop.resolve("timeout"), limits.timeoutMs ?? defaultTimeoutMs);
    limits.signal?.addEventListener("abort", onAbort, { once: true });
    try {
      const start = await Promise.race([opening, stop.promise]);
      if (typeof start !== "string" && start.kind === "failed" && this.#opening === opening) this.#opening = undefined;
      return start;
    } finally {
      clearTimeout(timer);
      limits.signal?.removeEventListener("abort", onAbort);
    }
  }

  async #open(): Promise<MasterStart> {
    const limitMs = 3000 * (this.settings.ssh?.connectSeconds ?? 10);
    const attempt = async (): Promise<MasterStart> => {
      let socket: string;
      try {
        socket = await this.settings.socketPath();
      } catch (error) {
        // A host that cannot be reached, like others: what waits for the connection, and its end, knows no other way.
        return { kind: "failed", status: 255, stderr: error instanceof Error ? error.message : String(error) };
      }
      const argv = masterArgv(this.#options(), socket, this.settings.destination);
      return await startMaster(
        argv,
        socket,
        limitMs,
        this.settings.env ?? {},
        this.settings.reaper,
        this.#closing.signal,
      );
    };
    let start = await attempt();
    // A server or a crypto policy (FIPS) that knows none of bzman's ciphers: then the user's own choice.
    if (start.kind === "failed" && /no matching cipher|Bad SSH2 cipher/i.test(start.stderr)) {
      this.#ownCiphers = false;
      start = await attempt();
    }
    if (start.kind === "ready") this.#master = start.master;
    return start;
  }

  async #batch(commands: readonly (readonly string[])[], limits: RunLimits): Promise<readonly Outcome[]> {
    const nonce = freshNonce();
    const text = formatRemoteScript({ kind: "batch", nonce, commands }, this.settings.env?.["PATH"]);
    const started = performance.now();
    const reach = await this.reach(limits);
    if (reach.kind === "failed") return commands.map(() => reach.outcome);
    const timeoutMs = Math.max(1, (limits.timeoutMs ?? defaultTimeoutMs) - (performance.now() - started));
    const whole = await runProcess(reach.sessionArgv(text), {
      ...limits,
      timeoutMs,
      ...(this.settings.env !== undefined && { env: this.settings.env }),
      ...(this.settings.reaper !== undefined && { reaper: this.settings.reaper }),
    });
    const outcomes = await this.#split(whole, nonce, commands.length);
    this.settings.trace?.(describeCall(this.label, commands, outcomes, performance.now() - started));
    return outcomes;
  }

  // Each command gets its own part of both streams. What has no status did not end: its connection is to blame.
  async #split(whole: Outcome, nonce: string, count: number): Promise<readonly Outcome[]> {
    const stdout = splitFrames(whole.stdout, nonce, count);
    const stderr = splitFrames(whole.stderr, nonce, count);
    const complete = stdout.parts.length === count && stdout.parts.at(-1)?.status !== undefined;
    const cut = complete ? undefined : await this.#cut(whole, stdout, stderr);
    return Array.from({ length: count }, (_, index) => {
      const { text = "", status } = stdout.parts[index] ?? {};
      const words = stderr.parts[index]?.text ?? "";
      if (status !== undefined) return { status, stdout: text, stderr: words, elapsedMs: whole.elapsedMs };
      return { ...cut!, stdout: text, stderr: words === "" ? cut!.stderr : words };
    });
  }

  async #cut(whole: Outcome, stdout: Frames, stderr: Frames): Promise<Outcome> {
    const outcome = { ...whole, status: whole.status === 0 ? 255 : whole.status };
    if (whole.stopped !== undefined) return outcome;
    const words = stderr.begun ? unfinished(stderr.parts) : stderr.before;
    const connection = await this.explain(whole.status, words, stdout.before, stdout.begun);
    return { ...outcome, stderr: words, connection: connection ?? sshFault(words, 255, this.label)! };
  }

  #failed({ status, stderr }: MasterStart & { kind: "failed" }, elapsedMs: number): Outcome {
    // Whatever status it has, no connection came about. 127: there is no ssh here.
    const connection = sshFault(stderr, 255, this.label)!;
    return { status: status === 127 ? 127 : 255, stdout: "", stderr, elapsedMs, connection };
  }
}

function unfinished(parts: readonly Framed[]): string {
  const last = parts.at(-1);
  return last?.status === undefined ? last?.text ?? "" : "";
}

function stoppedOutcome(stopped: "aborted" | "timeout", elapsedMs: number): Outcome {
  return { status: stopped === "aborted" ? 130 : 255, stdout: "", stderr: "", elapsedMs, stopped };
}
