/**
 * What the report is made of: data of the record, as it was read, and the moment to judge it at.
 *
 * @module
 */

import type { AlertState } from "../alerts/alert_state.ts";
import type { PoolSample } from "../pool_sample.ts";
import type { DatasetRecord, RunRecord } from "../record.ts";

/** What one run did to one dataset. */
export interface DatasetEntry extends DatasetRecord {
  readonly runId: number;
  /** When the run began, milliseconds since 1970. */
  readonly startedAt: number;
}

/** All runs of a day on one dataset, summed up. */
export interface DatasetDay {
  readonly dataset: string;
  readonly target: string;
  /** Midnight in UTC, milliseconds since 1970. */
  readonly day: number;
  readonly runs: number;
  readonly failures: number;
  readonly bytes: bigint;
  /** The oldest the copy became on that day, in milliseconds. */
  readonly longestLagMs?: number;
}

/** What the record knows of one job. */
export interface JobInput {
  readonly job: string;
  /** `host:dataset` of both sides. */
  readonly source: string;
  readonly target: string;
  /** Replications of the last 30 days, the oldest first; their datasets are not needed. */
  readonly runs: readonly RunRecord[];
  /** What those within the period did to datasets, the oldest first. */
  readonly entries: readonly DatasetEntry[];
  /** The newest entry of every dataset, whatever came of it. */
  readonly latest: readonly DatasetEntry[];
  /** The newest entry of every dataset that went well. */
  readonly latestSuccesses: readonly DatasetEntry[];
  /** The last 30 days; the last one is not over yet. */
  readonly days: readonly DatasetDay[];
  /** When it last fully succeeded, milliseconds since 1970. */
  readonly lastSuccessAt: number | undefined;
  readonly failureStreak: number;
}

export interface OpenAlert {
  readonly key: string;
  readonly what: string;
  readonly state: AlertState;
}

/** How numbers are put into words. */
export interface ReportFormatters {
  readonly bytes: (count: bigint | number) => string;
  readonly duration: (ms: number) => string;
  /** A round length of time: `24 h`. */
  readonly span: (ms: number) => string;
  /** A point in time, milliseconds since 1970. */
  readonly time: (ms: number) => string;
}

export interface ReportInput {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How far back the period reaches, in milliseconds. */
  readonly sinceMs: number;
  /** The machine that reports. */
  readonly host: string;
  readonly jobs: readonly JobInput[];
  /** Samples of pools of the last 30 days, the oldest first. */
  readonly pools: readonly PoolSample[];
  readonly alerts: readonly OpenAlert[];
  /** Datasets of this machine that no job covers; `undefined`: nobody looked. */
  readonly unreplicated?: readonly string[];
  /** Mails that wait to go out. */
  readonly waitingMails: number;
  /** The lag to stay below, in milliseconds. */
  readonly objectiveMs: number;
  readonly format: ReportFormatters;
}
