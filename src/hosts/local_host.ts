/**
 * This machine as a {@linkcode Host}.
 *
 * @module
 */

import type { Host, Outcome, RunLimits } from "../core/ports.ts";
import { commandBatches } from "./remote/command_batches.ts";
import { type CommandTrace, describeCall } from "./command_trace.ts";
import { splitFrames } from "./remote/frames.ts";
import { resolveProgram } from "./process/environment.ts";
import type { OrphanReaper } from "./process/orphan_reaper.ts";
import { localHostName } from "./local_machine.ts";
import { defaultTimeoutMs, runProcess } from "./process/run_process.ts";
import { freshNonce, scriptBody } from "./remote/remote_script.ts";
import { shell } from "../shell.ts";

/** So many commands are run without a shell. */
const maxSingly = 8;

/** What hosts of both kinds can be given. */
export interface HostSettings {
  /** Ends their processes should bzman be killed. */
  readonly reaper?: OrphanReaper;
  /** Variables on top of the usual environment, for tests: a PATH with other programs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Is told of every call, for `--debug`. */
  readonly trace?: CommandTrace;
}

/** Runs commands on this machine. */
export class LocalHost implements Host {
  readonly label: string = localHostName();
  readonly isLocal = true;
  /** What it was made with. */
  readonly settings: HostSettings;

  /** @param settings What its processes get. */
  constructor(settings: HostSettings = {}) {
    this.settings = settings;
  }

  /** See {@linkcode Host.run}. */
  async run(argv: readonly string[], limits: RunLimits = {}): Promise<Outcome> {
    const outcome = await runProcess(argv, { ...this.settings, ...limits });
    this.settings.trace?.(describeCall(this.label, [argv], [outcome], outcome.elapsedMs));
    return outcome;
  }

  /** See {@linkcode Host.runAll}. Many commands go to one shell, as they do over ssh: it starts them sooner than we do. */
  async runAll(commands: readonly (readonly string[])[], limits: RunLimits = {}): Promise<readonly Outcome[]> {
    const deadline = performance.now() + (limits.timeoutMs ?? defaultTimeoutMs);
    const outcomes: Outcome[] = [];
    for (const batch of commands.length > maxSingly ? commandBatches(commands) : commands.map((argv) => [argv])) {
      // The limit holds for all of them together, as it does over ssh. What is left over runs into a limit of 1 ms.
      const timeoutMs = Math.max(1, deadline - performance.now());
      const [argv] = batch;
      if (batch.length === 1 && argv) outcomes.push(await this.run(argv, { ...limits, timeoutMs }));
      else outcomes.push(...await this.#batch(batch, { ...limits, timeoutMs }));
    }
    return outcomes;
  }

  async #batch(commands: readonly (readonly string[])[], limits: RunLimits): Promise<readonly Outcome[]> {
    const nonce = freshNonce();
    const path = this.settings.env?.["PATH"];
    const resolved = commands.map(([name = "", ...args]) => [resolveProgram(name, path) ?? name, ...args]);
    const script = scriptBody({ kind: "batch", nonce, commands: resolved }, path);
    const whole = await runProcess([shell, "-c", script], { ...this.settings, ...limits });
    const stdout = splitFrames(whole.stdout, nonce, commands.length);
    const stderr = splitFrames(whole.stderr, nonce, commands.length);
    const outcomes = commands.map((_, index): Outcome => {
      const { text = "", status } = stdout.parts[index] ?? {};
      const words = stderr.parts[index]?.text ?? "";
      if (status !== undefined) return { status, stdout: text, stderr: words, elapsedMs: whole.elapsedMs };
      // It did not end: the shell was stopped, or could not be started.
      return { ...whole, status: whole.status === 0 ? 1 : whole.status, stdout: text, stderr: words || stderr.before };
    });
    this.settings.trace?.(describeCall(this.label, commands, outcomes, whole.elapsedMs));
    return outcomes;
  }

  /** There is no connection to end. */
  async close(): Promise<void> {}
}
