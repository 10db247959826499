/**
 * Every setting of every command, as one typed value: the command line, the environment and the config file are merged
 * into it, and nothing behind it knows where a value came from.
 *
 * @module
 */

import type { Keep } from "../core/keep.ts";
import type { ContentAmount } from "../core/verify/content.ts";
import type { Endpoint } from "../zfs/names/endpoint.ts";
import type { PoolRef } from "../zfs/names/pool_ref.ts";

export type { Keep } from "../core/keep.ts";
export type { ContentAmount } from "../core/verify/content.ts";

/** Where mail goes and how. */
export interface MailSettings {
  /** @default {"root"} */
  readonly to: readonly string[];
  /** @default {"bzman@HOST"} */
  readonly from: string | undefined;
  /** `smtp://` or `smtps://` URL; without it `sendmail` where there is one, else localhost:25. */
  readonly smtpUrl: string | undefined;
}

/** What all commands share. */
export interface CommonSettings {
  /** The database file; a folder gets `bzman.db`. `undefined`: the default place. */
  readonly db: string | undefined;
  readonly mail: MailSettings;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
}

/** What `replicate` and `preflight` do. */
export interface ReplicateSettings {
  readonly job: string;
  readonly source: Endpoint;
  readonly target: Endpoint;
  readonly dryRun: boolean;
  /** False with `--no-snapshot`. @default {true} */
  readonly snapshot: boolean;
  /** @default {"incremental"} */
  readonly prefix: string;
  /** @default {7 days} */
  readonly keep: Keep;
  /** Patterns of datasets to leave out, relative to the source dataset (`scratch`, `vm/*`). */
  readonly exclude: readonly string[];
  readonly raw: "auto" | "always" | "never";
  /** Memory for mbuffer on both sides, such as `256M`; `undefined`: no mbuffer. */
  readonly mbuffer: string | undefined;
  /** Bytes a second for the whole run; `undefined`: no limit. */
  readonly bwlimit: number | undefined;
  readonly onDivergence: "refuse" | "rollback" | "keep-both";
  readonly onForeign: "refuse" | "keep-both";
  /** What becomes of replicated foreign snapshots that the source has deleted. @default {keep} */
  readonly foreignSnapshots: "keep" | "follow-source";
  /** Steering properties (mountpoint, quota, …) that are taken over all the same. @default {[]} */
  readonly properties: readonly string[];
  /** Further properties that are not taken over. @default {[]} */
  readonly noProperties: readonly string[];
  /** @default {3} */
  readonly retries: number;
  /** A stream that moves no byte for so long is ended, in milliseconds; `undefined`: as `replicate/stall_watch.ts` finds. */
  readonly stallMs: number | undefined;
  /** That the estimate does not fit is a warning, and no refusal. @default {false} */
  readonly ignoreSpace: boolean;
  /** The original's local-time snapshots without `Z` count as bzman's. @default {false} */
  readonly adopt: boolean;
  /** The address of a dead-man's switch that is called at the start and at the end; `undefined`: none. */
  readonly ping: string | undefined;
  /** The lag to stay below, in milliseconds: how bad a failure is depends on it. @default {10 minutes} */
  readonly objectiveMs: number;
}

/** What `log` shows. */
export interface LogSettings {
  /** Show runs started within this period, in milliseconds; `undefined`: all. */
  readonly sinceMs: number | undefined;
  /** At most so many, the newest; `undefined`: all. @default {50} */
  readonly limit: number | undefined;
  /** Only runs that did not end well. @default {false} */
  readonly failed: boolean;
  /** One line a dataset instead of one a run. @default {false} */
  readonly byDataset: boolean;
  /** @default {"table"} */
  readonly format: "table" | "json" | "csv";
}

/** What `status` says. */
export interface StatusSettings {
  /** Names of jobs; empty: all. */
  readonly jobs: readonly string[];
  /** The lag to stay below, in milliseconds. @default {10 minutes} */
  readonly objectiveMs: number;
  /** Whether the jobs named are to count no longer, until they run again. @default {false} */
  readonly retire: boolean;
}

/** What `metrics` writes. */
export interface MetricsSettings {
  /** A file; `undefined`: standard output. */
  readonly output: string | undefined;
  /** The lag to stay below, in milliseconds. @default {10 minutes} */
  readonly objectiveMs: number;
}

/** What `health` checks. */
export interface HealthSettings {
  /** Empty: every pool of this machine. */
  readonly pools: readonly PoolRef[];
  /** A scrub that ended longer ago is overdue, in milliseconds. @default {35 days} */
  readonly scrubAgeMs: number;
}

/** What `capacity` checks. */
export interface CapacitySettings {
  /** Empty: every pool of this machine. */
  readonly pools: readonly PoolRef[];
  /** With less free, in percent, it warns. @default {25} */
  readonly warnPercent: number;
  /** With less free, in percent, it is critical. @default {10} */
  readonly criticalPercent: number;
}

/** What `prune` does. */
export interface PruneSettings {
  /** `SOURCE>TARGET` as typed; `undefined` without a target. */
  readonly job: string | undefined;
  readonly source: Endpoint;
  /** Without it only the source is pruned. */
  readonly target: Endpoint | undefined;
  readonly dryRun: boolean;
  readonly prefix: string;
  readonly keep: Keep;
  /** Patterns of datasets to leave out, relative to the source dataset. */
  readonly exclude: readonly string[];
  readonly adopt: boolean;
}

/** What `verify` compares. */
export interface VerifySettings {
  /** `SOURCE>TARGET` as typed. */
  readonly job: string;
  readonly source: Endpoint;
  readonly target: Endpoint;
  /** Files of each filesystem and blocks of each volume to compare; `undefined`: none. */
  readonly content: ContentAmount | undefined;
  /** Patterns of datasets to leave out, relative to the source dataset. */
  readonly exclude: readonly string[];
}

/** What `report` tells, and to whom. */
export interface ReportSettings {
  /** Who gets it as a mail; empty: nobody. */
  readonly to: readonly string[];
  /** The file to write as a page; `undefined`: none. */
  readonly output: string | undefined;
  /** The period it is about, in milliseconds. @default {24 hours} */
  readonly sinceMs: number;
  /** The lag to stay below, in milliseconds. @default {10 minutes} */
  readonly objectiveMs: number;
}

/** What a command does that has no settings of its own. */
export type NoSettings = Readonly<Record<never, never>>;
