/**
 * The record of a run: what `bzman log`, `status` and the report read.
 *
 * @module
 */

/** The phases of a run, in the order of the table of elapsed times. */
export const phaseNames = [
  "preflight",
  "list local",
  "list remote",
  "plan",
  "snapshot",
  "send",
  "verify",
  "prune",
] as const;

/** One phase of a run. */
export type PhaseName = typeof phaseNames[number];

/**
 * How a run ended. `running`: not yet; `ok`: all done, also nothing to do; `partial`: some datasets failed; `refused`:
 * nothing touched; `locked`: another run holds the lock; `interrupted`: by a signal; `killed`: its process vanished,
 * found by a later run.
 */
export type RunResult = "running" | "ok" | "partial" | "failed" | "refused" | "locked" | "interrupted" | "killed";

/** The time a phase took. */
export interface PhaseTime {
  readonly phase: PhaseName;
  readonly elapsedMs: number;
}

/** What happened to one dataset in one run. */
export interface DatasetRecord {
  /** On the source. */
  readonly dataset: string;
  /** On the target. */
  readonly target: string;
  readonly result: "ok" | "up-to-date" | "failed" | "refused" | "skipped" | "vanished";
  /** `full`, `incremental`, `resume`, `package`, `clone`, `rename` … or `none`. */
  readonly kind: string;
  /** The version the last stream began from, by the part behind `@` or `#`; `undefined` for a full stream. */
  readonly from?: string;
  /** The newest version both sides have afterwards. */
  readonly to?: string;
  /** GUID of `to`. */
  readonly toGuid?: string;
  /** When `to` was made, milliseconds since 1970: the lag is its age. */
  readonly toCreatedAt?: number;
  readonly bytes: bigint;
  /** Bytes that a resumed transfer did not send again. */
  readonly savedBytes: bigint;
  readonly snapshots: number;
  readonly elapsedMs: number;
  readonly errorClass?: string;
  readonly message?: string;
}

export interface RunRecord {
  /** Increasing; 0 until the database has given one. */
  readonly id: number;
  /** A random identifier (UUID) that syslog lines, marks and mails name. */
  readonly uuid: string;
  /** `SOURCE>TARGET` as typed, or the job's name in the config file. */
  readonly job: string;
  readonly command: "replicate" | "prune" | "verify" | "health" | "capacity";
  /** `host:dataset` of both sides. */
  readonly source: string;
  readonly target: string;
  /** Milliseconds since 1970, UTC. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly result: RunResult;
  readonly exitStatus?: number;
  /** Bytes that `zfs send` wrote; of a stream that was cut, some may have waited in a buffer and never have arrived. */
  readonly bytes: bigint;
  readonly savedBytes: bigint;
  readonly snapshots: number;
  /** Of the top dataset: the version its first stream began from; `undefined` for a full one, or for none. */
  readonly from?: string;
  /** Of the top dataset: the newest version both sides have afterwards. */
  readonly to?: string;
  /** How many snapshots of others the target has afterwards although the source has them no more. */
  readonly foreignSnapshots?: number;
  readonly errorClass?: string;
  /** One line: what failed, where and why. */
  readonly message?: string;
  /** What to type next. */
  readonly advice?: string;
  /** The end of what the stage that failed wrote to standard error. */
  readonly stderrTail?: string;
  /** The run that held the lock (its UUID, or another name that changes from holder to holder), for `locked`. */
  readonly lockHolder?: string;
  /** How many runs this record stands for: folded `locked` records count up. */
  readonly count: number;
  readonly pid: number;
  readonly phases: readonly PhaseTime[];
  readonly datasets: readonly DatasetRecord[];
}
