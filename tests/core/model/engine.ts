/**
 * The whole engine between two machines of the model: its hosts, its pipelines and its clock.
 *
 * @module
 */

import type { ReplicateInput } from "../../../src/core/engine/input.ts";
import { Phases } from "../../../src/core/engine/phases.ts";
import type { Memory, MemoryStore } from "../../../src/core/engine/remembered.ts";
import { replicate } from "../../../src/core/engine/replicate.ts";
import { Fault } from "../../../src/core/fault.ts";
import type { Host, Outcome, PipelineOutcome, Stage } from "../../../src/core/ports.ts";
import { run } from "./commands.ts";
import { apply, isBelow, type Operation } from "./history.ts";
import { type Machine, ZfsError } from "./machine.ts";
import type { Job } from "./play.ts";
import { receive } from "./receive.ts";
import { send } from "./stream.ts";
import { type Replication, type Setting, World } from "./world.ts";

/** Two machines between which the engine replicates, with a memory or without. */
export class EngineWorld {
  readonly #job: Job;
  readonly #setting: Setting;
  readonly #memory: MemoryStore | undefined;
  #began = Date.UTC(2026, 10, 22);
  #now = this.#began;
  #cut: Replication["cut"];
  /** Of how many datasets the snapshots were remembered. */
  recalled = 0;

  /** @param remembers Whether there is a memory. */
  constructor(setting: Setting, remembers: boolean) {
    this.#setting = setting;
    this.#job = new World(setting, () => {}).job;
    const kept = new Map<string, Memory>();
    if (remembers) {
      this.#memory = {
        recall: (key) => kept.get(key) ?? new Map(),
        remember: (key, memory) => kept.set(key, memory),
      };
    }
  }

  /** Lets one thing happen; says how a replication ended, with what both machines then have. */
  async live(entry: Operation | Replication): Promise<string> {
    // The same moment in every world, however long a run waited.
    this.#began += 1_000_000;
    this.#now = this.#began;
    if (entry.side === "replicate") return `${await this.#replicate(entry.cut)}\n${this.#state()}`;
    const [machine, top] = entry.side === "source"
      ? [this.#job.source, this.#job.sourceTop]
      : [this.#job.target, this.#job.targetTop];
    apply(entry, machine, top, this.#now);
    this.#note();
    return "";
  }

  async #replicate(cut: Replication["cut"]): Promise<string> {
    this.#cut = cut;
    const input: ReplicateInput = {
      sourceTop: this.#job.sourceTop,
      targetTop: this.#job.targetTop,
      snapshot: true,
      prefix: "incremental",
      keep: { kind: "count", count: 3 },
      adopt: false,
      isExcluded: (name) => isBelow(name, this.#job.sourceTop, this.#setting.leftOut),
      raw: this.#setting.raw,
      mbuffer: undefined,
      bwlimit: undefined,
      onDivergence: this.#setting.onDivergence,
      onForeign: this.#setting.onForeign,
      foreignSnapshots: "keep",
      properties: { take: [], leave: [] },
      retries: 2,
    };
    const clock = () => this.#now;
    const ports = {
      source: this.#host("source", this.#job.source),
      target: this.#host("target", this.#job.target),
      pipeline: (stages: readonly Stage[]) => Promise.resolve(this.#pipeline(stages)),
      clock,
      monotonic: clock,
      signal: new AbortController().signal,
      listener: () => {},
      sleep: (ms: number) => Promise.resolve(void (this.#now += ms)),
      random: () => 0.5,
      lock: () => Promise.resolve({ kind: "taken" as const, release: () => Promise.resolve() }),
      endStale: () => Promise.resolve(0),
      machineId: "m",
      showBytes: String,
      ...(this.#memory ? { memory: this.#memory } : {}),
    };
    try {
      const { tally, faults, prepared } = await replicate(input, ports, new Phases(clock, () => {}));
      this.recalled += prepared.targetTree.recalled.size;
      const accounts = tally.accounts.map(({ dataset, at, fault }) => `${dataset} ${at?.name} ${fault?.errorClass}`);
      return [...accounts.sort(), ...faults.map(({ errorClass, why }) => `${errorClass} ${why}`)].join("\n");
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return `${error.parts.errorClass} ${error.parts.why}`;
    }
  }

  #note(): void {
    this.#job.source.noteChanges(this.#now);
    this.#job.target.noteChanges(this.#now);
  }

  #host(label: string, machine: Machine): Host {
    const outcome = (argv: readonly string[], stdin?: string): Outcome => {
      const printed = run(machine, argv, stdin, this.#now);
      this.#note();
      return { ...printed, elapsedMs: 1 };
    };
    return {
      label,
      isLocal: label === "source",
      run: (argv, limits) => Promise.resolve(outcome(argv, limits?.stdin)),
      runAll: (commands) => Promise.resolve(commands.map((argv) => outcome(argv))),
      close: () => Promise.resolve(),
    };
  }

  #pipeline(stages: readonly Stage[]): PipelineOutcome {
    const cut = this.#cut?.step === 0 ? this.#cut : undefined;
    if (this.#cut) this.#cut = cut ? undefined : { ...this.#cut, step: this.#cut.step - 1 };
    const [first, last] = [stages[0]!, stages.at(-1)!];
    const ended = (fault?: { stage: Stage; message: string }): PipelineOutcome => {
      this.#note();
      const of = (stage: Stage) => ({
        name: `zfs ${stage.role}`,
        status: fault?.stage === stage ? 1 : 0,
        stderrTail: fault?.stage === stage ? fault.message : "",
      });
      return {
        ok: fault === undefined,
        stages: stages.map(of),
        elapsedMs: 1,
        ...(fault ? { guilty: of(fault.stage) } : {}),
      };
    };
    let at = first;
    try {
      const stream = send(this.#job.source, first.argv);
      at = last;
      receive(this.#job.target, last.argv, stream, cut && { after: cut.after });
      return ended();
    } catch (error) {
      if (!(error instanceof ZfsError)) throw error;
      return ended({ stage: at, message: error.message });
    }
  }

  /** What both machines have: datasets, snapshots, bookmarks. */
  #state(): string {
    return [this.#job.source, this.#job.target].flatMap((machine) =>
      [...machine.datasets.values()].map(({ name, snapshots, bookmarks }) =>
        [name, ...snapshots.map((one) => `@${one.name} ${one.guid}`), ...bookmarks.map((one) => `#${one.name}`)].join(
          " ",
        )
      ).sort()
    ).join("\n");
  }
}
