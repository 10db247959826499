/**
 * The report as data: everything the page and the mail show, decided, and in no form yet.
 *
 * @module
 */

import type { CheckVerdict } from "../check.ts";
import type { DatasetRecord, PhaseName, RunResult } from "../record.ts";
import type { PoolReport } from "./pool_report.ts";

/** Where the page tells more: its part and the place in it. */
export interface Place {
  readonly part: "job" | "pool" | "failure" | "unusual";
  /** The index in the report's list of that name. */
  readonly index: number;
}

/** Why the verdict is what it is. `notice`: worth knowing, and no trouble now. */
export interface Reason {
  readonly verdict: Exclude<CheckVerdict, "ok"> | "notice";
  /** Plain words, one line. */
  readonly text: string;
  /** What to type next. */
  readonly next?: string;
  readonly place?: Place;
}

/** One dataset of a job. */
export interface DatasetLine {
  readonly dataset: string;
  readonly target: string;
  readonly verdict: CheckVerdict;
  readonly result: DatasetRecord["result"];
  readonly errorClass?: string;
  readonly message?: string;
  readonly kind: string;
  readonly from?: string;
  readonly to?: string;
  /** Sent within the period. */
  readonly bytes: bigint;
  readonly savedBytes: bigint;
  /** The time that took, in milliseconds. */
  readonly elapsedMs: number;
  /** Runs within the period, and those of them that failed on it. */
  readonly runs: number;
  readonly failures: number;
  /** The age of the newest version that both sides have, in milliseconds. */
  readonly lagMs?: number;
}

/** One run, or several close together, as a bar of a chart. */
export interface RunBar {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly bytes: bigint;
  /** Of several the longest, in milliseconds. */
  readonly elapsedMs: number;
  readonly runs: number;
  readonly failed: number;
}

/** The worst lag of a job's datasets at one moment, in milliseconds. */
export interface LagPoint {
  readonly at: number;
  readonly lagMs: number;
}

export interface JobReport {
  readonly job: string;
  readonly source: string;
  readonly target: string;
  readonly verdict: CheckVerdict;
  /** How its last run ended, and when; `undefined` when it never ran. */
  readonly lastResult?: RunResult;
  readonly lastClass?: string;
  readonly lastRunAt?: number;
  readonly lastSuccessAt?: number;
  readonly failureStreak: number;
  readonly runs: number;
  readonly failed: number;
  readonly bytes: bigint;
  readonly elapsedMs: number;
  /** Of all streams together: bytes and the time of the phase that sends them. */
  readonly sendMs: number;
  /** The worst lag now, and the longest within the period. */
  readonly lagMs?: number;
  readonly longestLagMs?: number;
  readonly datasets: readonly DatasetLine[];
  /** Datasets that only the target has. */
  readonly onlyOnTarget: readonly string[];
  /** Where its charts begin: with the period, or with its first run when that is young. Milliseconds since 1970. */
  readonly chartSince: number;
  readonly bars: readonly RunBar[];
  readonly lag: readonly LagPoint[];
}

/** A stretch of time, summed up over all jobs. */
export interface Window {
  readonly title: string;
  readonly ms: number;
  readonly runs: number;
  readonly failed: number;
  readonly bytes: bigint;
  readonly medianMs: number;
  readonly longestLagMs?: number;
}

/** A day, summed up over all jobs. */
export interface DayBar {
  /** Midnight in UTC, milliseconds since 1970. */
  readonly day: number;
  readonly runs: number;
  readonly failed: number;
  readonly bytes: bigint;
  readonly longestLagMs?: number;
}

/** Where time went within the period. */
export interface PhaseShare {
  readonly phase: PhaseName;
  readonly elapsedMs: number;
  /** Of all phases, 0 to 1. */
  readonly share: number;
}

/** Something that is not as it was. */
export interface Anomaly {
  readonly kind: "delta" | "emptied" | "rate";
  /** The dataset, job or pool. */
  readonly subject: string;
  readonly text: string;
  /** Whether it is a trouble by itself. */
  readonly verdict: "notice" | "warning";
}

/** Runs that failed in the same way. */
export interface FailureReport {
  readonly job: string;
  readonly result: RunResult;
  readonly errorClass: string;
  readonly message: string;
  readonly advice?: string;
  readonly stderrTail?: string;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The last of these runs, as syslog and `bzman log` name it. */
  readonly runId: number;
  readonly uuid: string;
  /** The datasets that failed in the last of these runs, with their messages. */
  readonly datasets: readonly { readonly dataset: string; readonly message: string }[];
  /** Whether the job has succeeded since. */
  readonly isOver: boolean;
}

export interface Report {
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly since: number;
  readonly objectiveMs: number;
  readonly verdict: CheckVerdict;
  /** The verdict in a few words, and the sentence below it. */
  readonly headline: string;
  readonly summary: string;
  readonly reasons: readonly Reason[];
  readonly jobs: readonly JobReport[];
  readonly windows: readonly Window[];
  readonly days: readonly DayBar[];
  readonly phases: readonly PhaseShare[];
  readonly pools: readonly PoolReport[];
  readonly anomalies: readonly Anomaly[];
  readonly failures: readonly FailureReport[];
}
