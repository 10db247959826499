/**
 * What a replication is told, and what it is given to work with.
 *
 * @module
 */

import type { PropertyChoice } from "../../zfs/arguments/receive.ts";
import type { DatasetName } from "../../zfs/names/names.ts";
import type { KnownSnapshotsStore } from "../inspect/known_snapshots.ts";
import type { ListingCacheStore } from "../inspect/listing_cache.ts";
import type { JobCommand } from "../job_command.ts";
import type { Keep } from "../keep.ts";
import type { Clock, Host, RunPipeline } from "../ports.ts";
import type { Listener } from "./events.ts";
import type { SilenceStore } from "./observed_silence.ts";

/** What the user asked for. */
export interface ReplicateInput {
  readonly sourceTop: DatasetName;
  readonly targetTop: DatasetName;
  /** False with `--no-snapshot`. */
  readonly snapshot: boolean;
  readonly prefix: string;
  readonly keep: Keep;
  readonly adopt: boolean;
  readonly isExcluded: (dataset: DatasetName) => boolean;
  readonly raw: "auto" | "always" | "never";
  readonly mbuffer: string | undefined;
  readonly bwlimit: number | undefined;
  readonly onDivergence: "refuse" | "rollback" | "keep-both";
  readonly onForeign: "refuse" | "keep-both";
  readonly foreignSnapshots: "keep" | "follow-source";
  readonly properties: PropertyChoice;
  /** How often a temporary fault is tried again when nothing moved since. */
  readonly retries: number;
  /** A stream that moves no byte for so long is ended, in milliseconds; `undefined`: after a time that fits the target. */
  readonly stallMs: number | undefined;
  /** Whether that the estimate does not fit into the target is only a warning. */
  readonly ignoreSpace: boolean;
}

/**
 * The lock on a tree of the target: taken, or held by somebody whose tree overlaps. `forAllUsers`: no run of any user of this machine
 * that would hold it is alive.
 */
export type LockResult =
  | { readonly kind: "taken"; readonly forAllUsers: boolean; release(): Promise<void> }
  | { readonly kind: "held"; readonly by: string };

/** The world, as a replication sees it. */
export interface ReplicatePorts {
  readonly source: Host;
  readonly target: Host;
  readonly pipeline: RunPipeline;
  readonly clock: Clock;
  /** Milliseconds that never jump, for elapsed times. */
  readonly monotonic: Clock;
  readonly signal: AbortSignal;
  readonly listener: Listener;
  /** Waits; ends early without an error when the signal is aborted. */
  sleep(ms: number): Promise<void>;
  /** From 0 to 1. */
  random(): number;
  /** @param tree As `zfs/names/lock_tree.ts` makes it. */
  lock(tree: string): Promise<LockResult>;
  /** Ends processes with this mark on a host; returns how many there were. */
  endStaleReceivers(host: Host, mark: string): Promise<number>;
  /** A name of this machine that does not change, for marks. */
  readonly machineId: string;
  formatBytes(count: bigint): string;
  /** The job as it was typed, for what to type next. */
  readonly job: JobCommand;
  /** What is remembered of targets; without it their snapshots are always listed. */
  readonly listingCache?: ListingCacheStore;
  /** What sources were seen to have; without it no snapshot of others follows its source. */
  readonly knownSnapshots?: KnownSnapshotsStore;
  /** How long streams to targets were silent; without it only what is seen now decides how long a run waits. */
  readonly silences?: SilenceStore;
}
