/**
 * A run as rows of the tables `runs` and `phases`.
 *
 * @module
 */

import type { PhaseName, PhaseTime, RunRecord, RunResult } from "../../core/record.ts";
import { all, type Bound, change, type Database, first } from "../database/database.ts";
import {
  bytesColumn,
  optionalColumn,
  optionalTimeColumn,
  readBigInt,
  readNumber,
  readOptional,
  readText,
  type Row,
  timeColumn,
  wholeColumn,
} from "../database/values.ts";

/** Writes a run over what is there under its UUID, or as a new row; returns its id. */
export function writeRun(db: Database, run: RunRecord, seenAt: number, marked: boolean): number {
  const row = first(db, upsert, ...columns(run, seenAt, marked));
  const id = readNumber(row ?? {}, "id");
  change(db, "DELETE FROM phases WHERE run_id = ?", id);
  for (const [seq, phase] of run.phases.entries()) {
    change(db, "INSERT INTO phases VALUES (?, ?, ?, ?)", id, seq, phase.phase, wholeColumn(phase.elapsedMs));
  }
  return id;
}

const names = [
  "uuid",
  "job",
  "command",
  "source",
  "target",
  "started_at",
  "ended_at",
  "seen_at",
  "result",
  "exit_status",
  "bytes",
  "saved_bytes",
  "snapshots",
  "error_class",
  "message",
  "advice",
  "stderr_tail",
  "lock_holder",
  "count",
  "pid",
  "marked",
  "from_version",
  "to_version",
  "foreign_snapshots",
] as const;

const upsert = `INSERT INTO runs (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})
  ON CONFLICT (uuid) DO UPDATE SET ${names.slice(1).map((name) => `${name} = excluded.${name}`).join(", ")}
  RETURNING id`;

function columns(run: RunRecord, seenAt: number, marked: boolean): (string | number | bigint | null)[] {
  return [
    run.uuid,
    run.job,
    run.command,
    run.source,
    run.target,
    timeColumn(run.startedAt),
    optionalTimeColumn(run.endedAt),
    timeColumn(seenAt),
    run.result,
    optionalColumn(run.exitStatus),
    bytesColumn(run.bytes),
    bytesColumn(run.savedBytes),
    wholeColumn(run.snapshots),
    optionalColumn(run.errorClass),
    optionalColumn(run.message),
    optionalColumn(run.advice),
    optionalColumn(run.stderrTail),
    optionalColumn(run.lockHolder),
    wholeColumn(run.count),
    wholeColumn(run.pid),
    marked ? 1 : 0,
    optionalColumn(run.from),
    optionalColumn(run.to),
    optionalColumn(run.foreignSnapshots),
  ];
}

/** A row of `runs` without its phases and datasets. */
export function readRun(row: Row): RunRecord {
  return {
    id: readNumber(row, "id"),
    uuid: readText(row, "uuid"),
    job: readText(row, "job"),
    command: readText(row, "command") as RunRecord["command"],
    source: readText(row, "source"),
    target: readText(row, "target"),
    startedAt: readNumber(row, "started_at"),
    result: readText(row, "result") as RunResult,
    bytes: readBigInt(row, "bytes"),
    savedBytes: readBigInt(row, "saved_bytes"),
    snapshots: readNumber(row, "snapshots"),
    count: readNumber(row, "count"),
    pid: readNumber(row, "pid"),
    ...readOptional(row, {
      endedAt: ["ended_at", "number"],
      exitStatus: ["exit_status", "number"],
      errorClass: ["error_class", "text"],
      message: ["message", "text"],
      advice: ["advice", "text"],
      stderrTail: ["stderr_tail", "text"],
      lockHolder: ["lock_holder", "text"],
      from: ["from_version", "text"],
      to: ["to_version", "text"],
      foreignSnapshots: ["foreign_snapshots", "number"],
    }),
    phases: [],
    datasets: [],
  };
}

/** The phases of runs, in the order they were written, by the run's id. `chosen` is a query of ids. */
export function readPhases(db: Database, chosen: string, bound: readonly Bound[]): Map<number, PhaseTime[]> {
  // One row a run, not one a phase: of a year's rows most of the time goes into making objects of them.
  const sql = `SELECT run_id, json_group_array(json_array(phase, elapsed_ms) ORDER BY seq) AS phases FROM phases
    WHERE run_id IN (${chosen}) GROUP BY run_id`;
  return new Map(
    all(db, sql, ...bound).map((row) => {
      const pairs = JSON.parse(readText(row, "phases")) as [PhaseName, number][];
      return [readNumber(row, "run_id"), pairs.map(([phase, elapsedMs]) => ({ phase, elapsedMs }))];
    }),
  );
}
