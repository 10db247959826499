/**
 * What failed within the period, each way of failing once.
 *
 * @module
 */

import type { RunRecord } from "../record.ts";
import { succeeded } from "./dataset_lines.ts";
import type { JobInput } from "./input.ts";
import { countRuns } from "./job_report.ts";
import type { FailureReport } from "./report.ts";
import { hasFailed } from "./run_facts.ts";

/** More ways of failing than this nobody reads; the log has them all. */
const maxWays = 40;

/**
 * Failures of a job, the newest first. One that began before the period and still lasts is among them.
 *
 * @param since Milliseconds since 1970.
 */
export function failureReports(input: JobInput, since: number): FailureReport[] {
  const lastWell = input.runs.findLast(({ result }) => result === "ok");
  const lastFailed = input.runs.findLast(hasFailed);
  const lasts = (run: RunRecord): boolean => run === lastFailed && isLater(run, lastWell);
  const failed = input.runs.filter((run) => hasFailed(run) && (run.startedAt >= since || lasts(run)));
  const ways = Map.groupBy(
    failed,
    ({ errorClass, result, message }) => [errorClass ?? result, message ?? ""].join("\0"),
  );
  return [...ways.values()]
    .map((runs) => failureReport(input, runs, lastWell))
    .filter((report) => report !== undefined)
    .sort((a, b) => Number(a.isOver) - Number(b.isOver) || b.lastAt - a.lastAt)
    .slice(0, maxWays);
}

function failureReport(
  input: JobInput,
  runs: readonly RunRecord[],
  lastWell: RunRecord | undefined,
): FailureReport | undefined {
  const first = runs[0];
  const last = runs.at(-1);
  if (first === undefined || last === undefined) return undefined;
  // The words of the last run that has any: a killed run leaves none.
  const telling = runs.findLast(({ stderrTail }) => stderrTail !== undefined && stderrTail.trim() !== "") ?? last;
  return {
    job: input.job,
    result: last.result,
    errorClass: last.errorClass ?? last.result,
    message: last.message ?? last.result,
    ...(last.advice === undefined ? {} : { advice: last.advice }),
    ...(telling.stderrTail === undefined ? {} : { stderrTail: telling.stderrTail }),
    count: countRuns(runs),
    firstAt: first.startedAt,
    lastAt: last.startedAt,
    runId: last.id,
    uuid: last.uuid,
    datasets: input.entries
      .filter((entry) => entry.runId === last.id && !succeeded(entry) && entry.result !== "vanished")
      .map(({ dataset, message, result }) => ({ dataset, message: message ?? result })),
    isOver: lastWell !== undefined && isLater(lastWell, last),
  };
}

/** By their numbers: a run that was recorded while the clock was ahead seems later than those that followed it. */
function isLater(run: RunRecord, other: RunRecord | undefined): boolean {
  return run.id > (other?.id ?? 0);
}
