/**
 * The whole engine between two machines of the model, through a history.
 *
 * @module
 */

import type { ReplicateInput } from "../../../src/core/engine/input.ts";
import type { Memory, MemoryStore } from "../../../src/core/engine/remembered.ts";
import { Fault } from "../../../src/core/fault.ts";
import { apply, isBelow, type Operation } from "./history.ts";
import type { Job } from "./play.ts";
import { type Between, runBetween, usualInput } from "./ports.ts";
import { type Replication, type Setting, World } from "./world.ts";

/** Two machines between which the engine replicates, with a memory or without. */
export class EngineWorld {
  readonly #job: Job;
  readonly #setting: Setting;
  readonly #memory: MemoryStore | undefined;
  readonly #between: Between;
  #began = Date.UTC(2026, 10, 22);
  #cut: Replication["cut"];
  /** Of how many datasets the snapshots were remembered. */
  recalled = 0;

  /** @param remembers Whether there is a memory. */
  constructor(setting: Setting, remembers: boolean) {
    this.#setting = setting;
    this.#job = new World(setting, () => {}).job;
    const { source, target } = this.#job;
    this.#between = { source, target, now: this.#began, fate: () => this.#fate() };
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
    this.#between.now = this.#began;
    if (entry.side === "replicate") return `${await this.#replicate(entry.cut)}\n${this.#state()}`;
    const [machine, top] = entry.side === "source"
      ? [this.#job.source, this.#job.sourceTop]
      : [this.#job.target, this.#job.targetTop];
    apply(entry, machine, top, this.#began);
    machine.noteChanges(this.#began);
    return "";
  }

  async #replicate(cut: Replication["cut"]): Promise<string> {
    this.#cut = cut;
    const input: ReplicateInput = {
      ...usualInput(this.#job.sourceTop, this.#job.targetTop),
      keep: { kind: "count", count: 3 },
      isExcluded: (name) => isBelow(name, this.#job.sourceTop, this.#setting.leftOut),
      raw: this.#setting.raw,
      onDivergence: this.#setting.onDivergence,
      onForeign: this.#setting.onForeign,
    };
    const told = this.#memory ? { memory: this.#memory } : {};
    try {
      const { tally, faults, prepared } = await runBetween(this.#between, input, told);
      this.recalled += prepared.targetTree.recalled.size;
      const accounts = tally.accounts.map(({ dataset, at, fault }) => `${dataset} ${at?.name} ${fault?.errorClass}`);
      return [...accounts.sort(), ...faults.map(({ errorClass, why }) => `${errorClass} ${why}`)].join("\n");
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return `${error.parts.errorClass} ${error.parts.why}`;
    }
  }

  /** Only one step is cut. */
  #fate(): Replication["cut"] {
    const cut = this.#cut?.step === 0 ? this.#cut : undefined;
    if (this.#cut) this.#cut = cut ? undefined : { ...this.#cut, step: this.#cut.step - 1 };
    return cut;
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
