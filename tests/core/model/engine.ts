/**
 * Lives of two machines of the model between which the whole engine replicates again and again.
 *
 * @module
 */

import type { ListingCache, ListingCacheStore } from "../../../src/core/inspect/listing_cache.ts";
import { Fault } from "../../../src/core/fault.ts";
import { apply, isBelow, type Operation } from "./history.ts";
import type { Job } from "./play.ts";
import { replicateOnModel } from "./replication.ts";
import { type Replication, type Setting, World } from "./world.ts";

/** Two machines between which the engine replicates, with a memory or without. */
export class EngineWorld {
  readonly #job: Job;
  readonly #setting: Setting;
  readonly #memory: ListingCacheStore | undefined;
  #began = Date.UTC(2026, 10, 22);
  /** Of how many datasets the snapshots were remembered. */
  recalled = 0;

  /** @param remembers Whether there is a memory. */
  constructor(setting: Setting, remembers: boolean) {
    this.#setting = setting;
    this.#job = new World(setting, () => {}).job;
    const kept = new Map<string, ListingCache>();
    if (remembers) {
      this.#memory = {
        readListings: (key) => kept.get(key) ?? new Map(),
        storeListings: (key, memory) => kept.set(key, memory),
      };
    }
  }

  /** Lets one thing happen; says how a replication ended, with what both machines then have. */
  async live(entry: Operation | Replication): Promise<string> {
    // The same moment in every world, however long a run waited.
    this.#began += 1_000_000;
    if (entry.side === "replicate") return `${await this.#replicate(entry.cut)}\n${this.#state()}`;
    const [machine, top] = entry.side === "source"
      ? [this.#job.source, this.#job.sourceTop]
      : [this.#job.target, this.#job.targetTop];
    apply(entry, machine, top, this.#began);
    for (const each of [this.#job.source, this.#job.target]) each.noteChanges(this.#began);
    return "";
  }

  async #replicate(cut: Replication["cut"]): Promise<string> {
    const { source, target, sourceTop, targetTop } = this.#job;
    const { raw, onDivergence, onForeign, leftOut } = this.#setting;
    try {
      const { state, faults, prepared } = await replicateOnModel({
        source,
        target,
        tops: [sourceTop, targetTop],
        atMs: this.#began,
        input: { raw, onDivergence, onForeign, isExcluded: (name) => isBelow(name, sourceTop, leftOut) },
        ports: this.#memory ? { listingCache: this.#memory } : {},
        happenings: { cut: (stream) => cut?.step === stream ? { after: cut.after } : undefined },
      });
      this.recalled += prepared.targetTree.cached.size;
      const accounts = state.datasets.map(({ dataset, at, fault }) => `${dataset} ${at?.name} ${fault?.errorClass}`);
      return [...accounts.sort(), ...faults.map(({ errorClass, why }) => `${errorClass} ${why}`)].join("\n");
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return `${error.parts.errorClass} ${error.parts.why}`;
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
