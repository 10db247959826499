/**
 * What the record knows of a job, and the status that is made of it, as values.
 *
 * @module
 */

import type { Severity } from "../alerts/alert_state.ts";
import type { CheckFinding, CheckVerdict, Formatters } from "../check.ts";
import type { DatasetRecord, RunRecord } from "../record.ts";

/** What the record knows of a job. */
export interface JobFacts {
  readonly job: string;
  /** `host:dataset` of both sides. */
  readonly source: string;
  readonly target: string;
  /** The newest run that ended: not one under way, nor one that found the lock taken. */
  readonly lastRun: RunRecord | undefined;
  /** The run under way. */
  readonly running: RunRecord | undefined;
  /** When it last fully succeeded, milliseconds since 1970. */
  readonly lastSuccessAt: number | undefined;
  /** How many runs failed one after another, up to now. */
  readonly streak: number;
  /** What the last run that got so far did to each dataset. */
  readonly current: readonly DatasetRecord[];
  /** By name on the target: the newest success. */
  readonly successes: ReadonlyMap<string, DatasetSuccess>;
  /** By name on the target: failures in a row. */
  readonly streaks: ReadonlyMap<string, number>;
  /** By name on the target. */
  readonly traffic: ReadonlyMap<string, DatasetTraffic>;
  /** Of whole runs, so that it counts each stream once. */
  readonly rate: Rate;
  /** How many snapshots of others the target keeps although the source has them no more; `undefined`: not known. */
  readonly foreignSnapshots: number | undefined;
  /** What `bzman verify` found wrong with the copy, until it finds it well again. */
  readonly verifyAlerts: readonly { readonly severity: Severity; readonly what: string }[];
}

/** A dataset that arrived. Times in milliseconds since 1970. */
export interface DatasetSuccess {
  /** When the run began that brought it. */
  readonly at: number;
  /** When its newest version was made. */
  readonly createdAt: number | undefined;
}

/** How much travels. */
export interface Traffic {
  /** Bytes of the last 24 hours. */
  readonly dayBytes: bigint;
  /** Bytes of a usual day: the average of the week before; `undefined` while there is none. */
  readonly usualBytes: bigint | undefined;
}

/** The same of one dataset, and how fast the streams flowed that carried it. */
export interface DatasetTraffic extends Traffic {
  readonly rate: Rate;
}

/** How fast it travels, in bytes a second: in the last 24 hours, and in the week before; `undefined` where nothing did. */
export interface Rate {
  readonly day: number | undefined;
  readonly usual: number | undefined;
}

/** A dataset of a job. */
export interface DatasetStatus {
  readonly dataset: string;
  readonly target: string;
  readonly verdict: CheckVerdict;
  /** In milliseconds; `undefined`: never copied, or not known. */
  readonly lagMs: number | undefined;
  readonly lastSuccessAt: number | undefined;
  readonly streak: number;
  readonly result: DatasetRecord["result"];
  readonly message: string | undefined;
  readonly traffic: DatasetTraffic;
}

export interface JobStatus {
  readonly job: string;
  readonly source: string;
  readonly target: string;
  readonly verdict: CheckVerdict;
  /** The worst of its datasets. */
  readonly lagMs: number | undefined;
  readonly lastRun: RunRecord | undefined;
  readonly running: RunRecord | undefined;
  readonly lastSuccessAt: number | undefined;
  readonly streak: number;
  readonly datasets: readonly DatasetStatus[];
  /** Datasets that only the target has. */
  readonly orphans: readonly string[];
  /** Those of them on which a copy depends, being a clone; `why` names it. */
  readonly neededOrphans: readonly { readonly orphan: string; readonly why: string }[];
  readonly traffic: Traffic;
  readonly rate: Rate;
  /** As in {@linkcode JobFacts}. */
  readonly foreignSnapshots: number | undefined;
  readonly findings: readonly CheckFinding[];
}

/** What bears on the judgement of every job. */
export interface StatusInputs {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The lag to stay below, in milliseconds. */
  readonly objectiveMs: number;
  readonly format: Formatters;
}
