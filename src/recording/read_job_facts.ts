/**
 * Reads what the record knows of jobs.
 *
 * @module
 */

import { alertKey } from "../core/alerts/check_alert.ts";
import { contentSubject } from "../core/alerts/job_alerts.ts";
import type { RunRecord } from "../core/record.ts";
import type { DatasetTraffic, JobFacts, Rate } from "../core/status/job_facts.ts";
import type { History } from "../history/history.ts";
import type { KnownJob } from "../history/tables/runs.ts";

const dayMs = 86_400_000;
/** A usual day is the average of so many. */
const usualDays = 7;

export function readJobFacts(history: History, { job, source, target }: KnownJob, now: number): JobFacts {
  const runs = history.runs({ job, command: "replicate", since: now - (usualDays + 1) * dayMs });
  const ended = runs.find(hasEnded) ?? history.runs({ job, command: "replicate", limit: 50 }).find(hasEnded);
  const proofs = new Set([job, contentSubject(job)].map((subject) => alertKey({ kind: "verify", subject })));
  const successes = history.latestDatasets(job, { onlySuccess: true });
  return {
    job,
    source,
    target,
    lastRun: ended,
    running: runs.find(({ result }) => result === "running"),
    lastSuccessAt: endOf(history.lastSuccess(job)),
    streak: history.failureStreak(job),
    current: history.latestDatasets(job),
    successes: new Map(successes.map(({ target, startedAt, toCreatedAt }) => [target, {
      at: startedAt,
      createdAt: toCreatedAt,
    }])),
    streaks: history.datasetStreaks(job),
    traffic: readTraffic(history, job, now),
    rate: rateOf(runs, now),
    foreignSnapshots: runs.find(({ foreignSnapshots }) => foreignSnapshots !== undefined)?.foreignSnapshots,
    verifyAlerts: history.openAlerts().filter(({ key }) => proofs.has(key))
      .map(({ what, state: { severity } }) => ({ what, severity })),
  };
}

function hasEnded({ result }: RunRecord): boolean {
  return result !== "running" && result !== "locked";
}

function endOf(run: RunRecord | undefined): number | undefined {
  return run?.endedAt ?? run?.startedAt;
}

function readTraffic(history: History, job: string, now: number): Map<string, DatasetTraffic> {
  const today = history.datasetFlow(job, now - dayMs);
  // Whole days only: they are summed up already.
  const until = Math.floor((now - dayMs) / dayMs) * dayMs;
  const days = history.datasetDays({ job, since: until - usualDays * dayMs, until });
  const byTarget = Map.groupBy(days, ({ target }) => target);
  const targets = new Set([...today.keys(), ...byTarget.keys()]);
  return new Map([...targets].map((target) => {
    const own = byTarget.get(target) ?? [];
    const sum = own.reduce((total, { bytes }) => total + bytes, 0n);
    const ms = own.reduce((total, { elapsedMs }) => total + elapsedMs, 0);
    const { bytes, elapsedMs } = today.get(target) ?? { bytes: 0n, elapsedMs: 0 };
    return [target, {
      dayBytes: bytes,
      usualBytes: own.length > 0 ? sum / BigInt(own.length) : undefined,
      rate: { day: perSecond(bytes, elapsedMs), usual: perSecond(sum, ms) },
    }];
  }));
}

/** Bytes a second while streams flowed. */
function rateOf(runs: readonly RunRecord[], now: number): Rate {
  const rate = (some: readonly RunRecord[]): number | undefined => {
    const sending = some.filter(({ bytes }) => bytes > 0n);
    const bytes = sending.reduce((total, run) => total + run.bytes, 0n);
    const ms = sending.flatMap(({ phases }) => phases)
      .reduce((total, { phase, elapsedMs }) => phase === "send" ? total + elapsedMs : total, 0);
    return perSecond(bytes, ms);
  };
  const since = now - dayMs;
  return {
    day: rate(runs.filter(({ startedAt }) => startedAt >= since)),
    usual: rate(runs.filter(({ startedAt }) => startedAt < since)),
  };
}

function perSecond(bytes: bigint, ms: number): number | undefined {
  return bytes > 0n && ms > 0 ? Number(bytes) * 1000 / ms : undefined;
}
