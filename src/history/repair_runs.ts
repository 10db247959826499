/**
 * Ends the records of runs whose process vanished: killed, or gone with a power cut.
 *
 * @module
 */

import type { RunRecord } from "../core/record.ts";
import { all, change, type Database, transaction } from "./database/database.ts";
import type { LivenessState } from "./run_liveness.ts";
import { readRun } from "./tables/run_rows.ts";
import { setUnnotified } from "./tables/unnotified_runs.ts";
import { readNumber, readText, type Row } from "./database/values.ts";

/** Says whether the process of a run still lives, by its number and the time the run began (numbers are reused). */
export type IsAlive = (pid: number, startedAt: number) => boolean;

/** A run without a mark is given up after this time when nothing else can be asked. */
const withoutLivenessMs = 7 * 86_400_000;

/**
 * Marks vanished runs as `killed`, as of the last time they wrote something, and replications as still to be told of;
 * those that left word of how they ended as that.
 *
 * @param readLiveness Says what the mark of a run tells, by its UUID.
 * @param isAlive Asked in place of marks when given.
 * @returns The runs as they are now recorded.
 */
export function repairRuns(
  db: Database,
  now: number,
  readLiveness: (uuid: string) => LivenessState,
  isAlive?: IsAlive,
): RunRecord[] {
  const look = (row: Row): LivenessState => {
    if (readNumber(row, "marked") === 1) return readLiveness(readText(row, "uuid"));
    return now - readNumber(row, "seen_at") < withoutLivenessMs ? "held" : "gone";
  };
  const stateOf = (row: Row): LivenessState => {
    if (isAlive === undefined) return look(row);
    return isAlive(readNumber(row, "pid"), readNumber(row, "started_at")) ? "held" : "gone";
  };
  const running = "SELECT * FROM runs WHERE result = 'running'";
  // Looking first without the write lock: nearly always there is nothing to do.
  if (all(db, running).every((row) => stateOf(row) === "held")) return [];
  return transaction(db, () =>
    all(db, running).flatMap((row) => {
      const state = stateOf(row);
      if (state === "held") return [];
      if (state === "gone" && readText(row, "command") === "replicate") setUnnotified(db, readText(row, "uuid"), now);
      return [{ ...readRun(row), ...writeEnd(db, row, state) }];
    }));
}

/** What is known of a run's end. */
type End = Required<Pick<RunRecord, "result" | "endedAt" | "message">> & Pick<RunRecord, "errorClass">;

function writeEnd(db: Database, row: Row, state: Exclude<LivenessState, "held">): End {
  const end: End = state === "gone"
    ? { result: "killed", endedAt: readNumber(row, "seen_at"), errorClass: "killed", message: killedMessage }
    : { result: state.ended, endedAt: Math.round(state.at), message: unrecordedMessage };
  const sql = "UPDATE runs SET result = ?, ended_at = ?, error_class = ?, message = ? WHERE id = ?";
  change(db, sql, end.result, end.endedAt, end.errorClass ?? null, end.message, readNumber(row, "id"));
  return end;
}

const killedMessage = "its process disappeared before it recorded its end (killed, or the machine went down)";
const unrecordedMessage = "the record could not be written when it ended; nothing more is known of its end";
