/**
 * What is remembered of a target's snapshots from one run to the next. Listing them is the dearest question of a run: the
 * kernel opens a dataset that is not mounted anew for each of its snapshots. ZFS tells when a dataset's snapshots last
 * changed; where that is the moment that was noted, what was known then is known now.
 *
 * Nothing is destroyed on the word of the memory alone: a plan that would discard something, or refuses, is made
 * again from a fresh listing, and retention asks about each candidate.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import type { BareDataset, SnapshotsChange } from "../../zfs/list.ts";
import type { DatasetName, Guid } from "../../zfs/names.ts";
import type { Snapshot } from "../../zfs/version.ts";
import { newestCommon } from "../plan/common_version.ts";
import type { Step, TreePlan } from "../plan/step.ts";
import type { Account } from "./tally.ts";

/** The snapshots that a dataset had when they had last changed at a moment. */
export interface Remembered {
  /** Seconds since 1970, by the clock of its host. */
  readonly changedAt: number;
  /** The snapshot that the dataset was cloned from: a promotion brings snapshots without touching that time. */
  readonly origin: string | undefined;
  /** When they were last listed, not remembered, in milliseconds since 1970 by our own clock. */
  readonly listedAt: number;
  /** Oldest first. */
  readonly snapshots: readonly Pick<Snapshot, "name" | "guid" | "createtxg">[];
}

/** What is remembered of a tree, by the GUIDs of its datasets. */
export type Memory = ReadonlyMap<Guid, Remembered>;

/** Where it is kept, under the name of a target. */
export interface MemoryStore {
  recall(key: string): Memory;
  /** Replaces what was remembered; an empty memory forgets. */
  remember(key: string, memory: Memory): void;
}

/** Whatever crept in while a run changed a dataset itself lasts no longer, in milliseconds. */
const longestMs = 24 * 3_600_000;

/** What was listed within the last day: everything is listed anew once a day. */
export function young(memory: Memory, nowMs: number): Memory {
  const isYoung = ({ listedAt }: Remembered): boolean => listedAt <= nowMs && nowMs - listedAt < longestMs;
  return new Map([...memory].filter(([, entry]) => isYoung(entry)));
}

/** What is known of a tree without listing its snapshots. */
export interface Recalled {
  readonly known: readonly Snapshot[];
  /** The datasets whose snapshots must be listed. */
  readonly unknown: readonly DatasetName[];
  /** The part of the memory that holds. */
  readonly used: Memory;
}

/** The snapshots of the datasets that have not changed since. */
export function recall(datasets: readonly BareDataset[], memory: Memory): Recalled {
  const known: Snapshot[] = [];
  const unknown: DatasetName[] = [];
  const used = new Map<Guid, Remembered>();
  for (const { guid, name: dataset, snapshotsChangedAt, origin } of datasets) {
    const remembered = memory.get(guid);
    const isSame = remembered?.changedAt === snapshotsChangedAt && remembered?.origin === origin;
    if (remembered === undefined || !isSame) {
      unknown.push(dataset);
      continue;
    }
    used.set(guid, remembered);
    for (const snapshot of remembered.snapshots) known.push({ kind: "snapshot", dataset, ...snapshot });
  }
  return { known, unknown, used };
}

/** Steps that a target bears also where the memory is wrong: they add, or fail. */
function isHarmless(step: Step): boolean {
  switch (step.kind) {
    case "incremental":
    case "package":
    case "clone":
    case "create-parent":
      return true;
    case "full":
      return !step.force;
    default:
      return false;
  }
}

/** Whether a plan that was made from memory may be carried out: it discards nothing and refuses nothing. */
export function mayTrustMemory(plan: TreePlan): boolean {
  return plan.steps.every(isHarmless) && plan.datasets.every(({ plan: own }) => own.kind !== "conflict");
}

/** A run as far as it changed its target. */
export interface TargetRun {
  /** The target as it was listed or remembered when the run began. */
  readonly before: readonly Dataset[];
  /** What of that was remembered. */
  readonly recalled: Memory;
  /** The source with the snapshots of this run. */
  readonly source: readonly Dataset[];
  readonly accounts: readonly Readonly<Account>[];
  readonly destroyed: readonly Snapshot[];
  /** What the target told afterwards, by name. */
  readonly after: ReadonlyMap<string, SnapshotsChange>;
  /** Its clock before it told that, in seconds since 1970. */
  readonly afterAt: number;
  /** Now, in milliseconds since 1970 by our own clock. */
  readonly nowMs: number;
}

/**
 * What may be remembered after a run: datasets that nothing was sent to and that nobody changed meanwhile, and those to which
 * exactly the one snapshot came that the target was then seen to have.
 */
export function toRemember(run: TargetRun): Memory {
  const before = new Map(run.before.map((dataset) => [dataset.guid, dataset]));
  const source = new Map(run.source.map((dataset) => [dataset.name, dataset]));
  const accounts = new Map<string, Readonly<Account>>(run.accounts.map((account) => [account.target, account]));
  const destroyed = new Set(run.destroyed.map(({ dataset, guid }) => `${dataset}@${guid}`));
  const memory = new Map<Guid, Remembered>();
  for (const [name, { guid, changedAt, origin }] of run.after) {
    // Within the very second there may be another change, of which the time would not tell.
    if (changedAt === undefined || changedAt >= run.afterAt) continue;
    const listed = before.get(guid);
    const account = accounts.get(name);
    if (account?.rearranged || (listed !== undefined && listed.origin !== origin)) continue;
    const listedAt = run.recalled.get(guid)?.listedAt ?? run.nowMs;
    const wasSent = account !== undefined && account.kinds.length > 0;
    const left = (listed?.snapshots ?? []).filter((snapshot) => !destroyed.has(`${snapshot.dataset}@${snapshot.guid}`));
    if (!wasSent) {
      const isAsListed = listed !== undefined && left.length === listed.snapshots.length
        ? changedAt === listed.snapshotsChangedAt
        : listed !== undefined;
      if (isAsListed) memory.set(guid, { changedAt, origin, listedAt, snapshots: left.map(essence) });
      continue;
    }
    const arrived = account.found;
    const original = source.get(account.dataset);
    if (arrived === undefined || original === undefined || arrived.guid !== account.goal?.guid) continue;
    if (sentCount(original, listed, arrived.guid) === 1) {
      memory.set(guid, { changedAt, origin, listedAt, snapshots: [...left, arrived].map(essence) });
    }
  }
  return memory;
}

/** How many snapshots of the source came to a target that was as listed; 0 when that cannot be told. */
function sentCount(original: Dataset, listed: Dataset | undefined, arrived: Guid): number {
  const base = listed && listed.snapshots.length > 0 ? newestCommon(original, listed) : undefined;
  if (listed && listed.snapshots.length > 0 && base === undefined) return 0;
  const last = original.snapshots.find(({ guid }) => guid === arrived);
  if (last === undefined) return 0;
  const from = base?.source.createtxg ?? -1n;
  return original.snapshots.filter(({ createtxg }) => createtxg > from && createtxg <= last.createtxg).length;
}

function essence({ name, guid, createtxg }: Snapshot): Remembered["snapshots"][number] {
  return { name, guid, createtxg };
}
