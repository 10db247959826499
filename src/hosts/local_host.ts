/**
 * This machine as a {@linkcode Host}.
 *
 * @module
 */

import type { Host, Outcome, RunLimits } from "../core/ports.ts";
import type { Keeper } from "./keeper.ts";
import { localHostName } from "./local.ts";
import { defaultTimeoutMs, runProcess } from "./process.ts";

/** What hosts of both kinds can be given. */
export interface HostSettings {
  /** Ends their processes should bzman be killed. */
  readonly keeper?: Keeper;
  /** Variables on top of the usual environment, for tests: a PATH with other programs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs commands on this machine, without a shell. */
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
    return await runProcess(argv, { ...this.settings, ...limits });
  }

  /** See {@linkcode Host.runAll}. */
  async runAll(commands: readonly (readonly string[])[], limits: RunLimits = {}): Promise<readonly Outcome[]> {
    const deadline = performance.now() + (limits.timeoutMs ?? defaultTimeoutMs);
    const outcomes: Outcome[] = [];
    for (const argv of commands) {
      // The limit holds for all of them together, as it does over ssh. What is left over runs into a limit of 1 ms.
      const timeoutMs = Math.max(1, deadline - performance.now());
      outcomes.push(await this.run(argv, { ...limits, timeoutMs }));
    }
    return outcomes;
  }

  /** There is no connection to end. */
  async close(): Promise<void> {}
}
