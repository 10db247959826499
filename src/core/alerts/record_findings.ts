/**
 * What is to be told of the record itself: replication goes on without it, but somebody must know.
 *
 * @module
 */

import type { CheckFinding } from "../check.ts";

/** A trouble with the record, as it was met. */
export interface RecordProblem {
  /** A short stable name, such as `full` or `locked`. */
  readonly kind: string;
  readonly why: string;
  /** What to do. */
  readonly advice: string;
}

/** How the record stands at the end of a command. */
export interface RecordState {
  /** Its file. */
  readonly path: string;
  /** Whatever was met while it was worked with, each kind once. */
  readonly problems: readonly RecordProblem[];
  /** The jobs of runs whose end could not be recorded. */
  readonly lost: readonly string[];
  /** Whether nobody else holds it any more. */
  readonly isFree: boolean;
}

/** Judges it. Another process that held it for a moment, and cost no run its record, is no news. */
export function recordFindings({ path, problems, lost, isFree }: RecordState): CheckFinding[] {
  const passed = isFree && lost.length === 0;
  const told = problems.filter(({ kind }) => !(kind === "locked" && passed));
  return [
    ...told.map(({ kind, why, advice }): CheckFinding => ({
      check: kind,
      subject: path,
      verdict: "warning",
      text: `problem with the record: ${why}`,
      next: advice,
    })),
    ...lost.map((job): CheckFinding => ({
      check: "unrecorded",
      subject: path,
      verdict: "warning",
      text: `a run of ${job} has ended and is not recorded`,
    })),
  ];
}
