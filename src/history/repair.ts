/**
 * Ends the records of runs whose process vanished: killed, or gone with a power cut.
 *
 * @module
 */

import type { RunRecord } from "../core/record.ts";
import { all, change, type Database, transaction } from "./database.ts";
import { readRun } from "./run_rows.ts";
import { setUntold } from "./untold.ts";
import { readNumber, readText, type Row } from "./values.ts";

/** Says whether the process of a run still lives, by its number and the time the run began (numbers are reused). */
export type IsAlive = (pid: number, startedAt: number) => boolean;

/** A run without a mark is given up after this time when nothing else can be asked. */
const withoutMarkMs = 7 * 86_400_000;

/**
 * Marks vanished runs as `killed`, as of the last time they wrote something, and replications as still to be told of.
 *
 * @param isMarkHeld Says whether the mark of a run, by its UUID, is held.
 * @param isAlive Asked in place of marks when given.
 * @returns The runs as they are now recorded.
 */
export function repairRuns(
  db: Database,
  now: number,
  isMarkHeld: (uuid: string) => boolean,
  isAlive?: IsAlive,
): RunRecord[] {
  const lives = (row: Row): boolean => {
    if (isAlive !== undefined) return isAlive(readNumber(row, "pid"), readNumber(row, "started_at"));
    if (readNumber(row, "marked") === 1) return isMarkHeld(readText(row, "uuid"));
    return now - readNumber(row, "seen_at") < withoutMarkMs;
  };
  const running = "SELECT * FROM runs WHERE result = 'running'";
  // Looking first without the write lock: nearly always there is nothing to do.
  if (all(db, running).every(lives)) return [];
  return transaction(db, () =>
    all(db, running).filter((row) => !lives(row)).map((row) => {
      const sql =
        `UPDATE runs SET result = 'killed', ended_at = seen_at, error_class = 'killed', message = ? WHERE id = ?`;
      change(db, sql, message, readNumber(row, "id"));
      if (readText(row, "command") === "replicate") setUntold(db, readText(row, "uuid"), now);
      const endedAt = readNumber(row, "seen_at");
      return { ...readRun(row), result: "killed", endedAt, errorClass: "killed", message } as const;
    }));
}

const message = "its process vanished before it could say how it ended (killed, or the machine went down)";
