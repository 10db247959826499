import type { DatasetEntry, JobInput, ReportInput } from "../../../src/core/report/input.ts";
import type { RunRecord } from "../../../src/core/record.ts";
import { sampleDataset, sampleRun } from "../../history/sample_run.ts";

/** The moment of the report: 2025-03-31 06:04 UTC. */
export const now = Date.UTC(2025, 2, 31, 6, 4);
export const minuteMs = 60_000;
export const dayMs = 86_400_000;
export const mib = 1024n ** 2n;

/** Words that a test can predict. */
export const words: ReportInput["format"] = {
  bytes: (count) => `${Number(count) / 1024 ** 2} MiB`,
  duration: (ms) => `${ms / minuteMs} min`,
  span: (ms) => `${ms / 3_600_000} h`,
  time: (ms) => new Date(ms).toISOString().slice(5, 16),
};

/** A run that began so many minutes ago and took ten seconds. */
export function runAgo(minutes: number, changes: Partial<RunRecord> = {}): RunRecord {
  const startedAt = now - minutes * minuteMs;
  return sampleRun({
    id: 1_000_000 - minutes,
    startedAt,
    endedAt: startedAt + 10_000,
    result: "ok",
    from: "a",
    bytes: mib,
    phases: [{ phase: "list local", elapsedMs: 2_000 }, { phase: "send", elapsedMs: 8_000 }],
    ...changes,
  });
}

/** What a run of so many minutes ago did to a dataset; its snapshot was made as it began. */
export function entryAgo(minutes: number, changes: Partial<DatasetEntry> = {}): DatasetEntry {
  const startedAt = now - minutes * minuteMs;
  return { ...sampleDataset(), runId: 1_000_000 - minutes, startedAt, toCreatedAt: startedAt, ...changes };
}

/** A job that ran every ten minutes for an hour. */
export function sampleJob(changes: Partial<JobInput> = {}): JobInput {
  const ago = [54, 44, 34, 24, 14, 4];
  const entries = ago.map((minutes) => entryAgo(minutes));
  return {
    job: "tank>target",
    source: "alpha:tank",
    target: "target:tank",
    runs: ago.map((minutes) => runAgo(minutes)),
    entries,
    latest: entries.slice(-1),
    latestSuccesses: entries.slice(-1),
    days: [],
    lastSuccessAt: now - 4 * minuteMs + 10_000,
    failureStreak: 0,
    ...changes,
  };
}

/** All that a report is made of. */
export function sampleInput(changes: Partial<ReportInput> = {}): ReportInput {
  return {
    now,
    sinceMs: dayMs,
    host: "alpha",
    jobs: [sampleJob()],
    pools: [],
    alerts: [],
    waitingMails: 0,
    objectiveMs: 10 * minuteMs,
    format: words,
    ...changes,
  };
}
