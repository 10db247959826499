/**
 * Reads what a report is made of from the record. A bounded part of it, so that it stays quick after a year.
 *
 * @module
 */

import type { JobInput, ReportInput } from "../core/report/input.ts";
import type { History } from "../history/history.ts";
import { bytesText } from "../render/text/bytes.ts";
import { durationText } from "../render/text/duration.ts";
import { minuteText } from "../render/report/timestamps.ts";
import { spanText } from "../render/report/humanize.ts";

const monthMs = 30 * 86_400_000;

export interface ReportSelection {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The period, in milliseconds. */
  readonly sinceMs: number;
  /** The machine that reports. */
  readonly host: string;
  /** The lag to stay below, in milliseconds. */
  readonly objectiveMs: number;
}

export function readReportInput(history: History, { now, sinceMs, host, objectiveMs }: ReportSelection): ReportInput {
  const since = now - sinceMs;
  const far = Math.min(since, now - monthMs);
  return {
    now,
    sinceMs,
    host,
    jobs: history.jobs().map((known) => readJob(history, known, since, far)),
    pools: history.poolSamples({ since: now - monthMs }),
    alerts: history.openAlerts(),
    waitingMails: history.countWaitingMails(),
    objectiveMs,
    format: { bytes: bytesText, duration: durationText, span: spanText, time: minuteText },
  };
}

function readJob(
  history: History,
  { job, source, target }: { readonly job: string; readonly source: string; readonly target: string },
  since: number,
  far: number,
): JobInput {
  const query = { job, command: "replicate" } as const;
  const within = history.runs({ ...query, since, datasets: true }).toReversed();
  return {
    job,
    source,
    target,
    runs: history.runs({ ...query, since: far }).toReversed(),
    entries: within.flatMap(({ id, startedAt, datasets }) =>
      datasets.map((entry) => ({ ...entry, runId: id, startedAt }))
    ),
    latest: history.latestDatasets(job),
    latestSuccesses: history.latestDatasets(job, { onlySuccess: true }),
    days: history.datasetDays({ job, since: far }),
    lastSuccessAt: history.lastSuccess(job)?.endedAt,
    failureStreak: history.failureStreak(job),
  };
}
