/**
 * What is not as it was, measured against a history of its own: an increment far above all others, a source that fell
 * silent or became empty, a rate that fell.
 *
 * @module
 */

import type { RunRecord } from "../record.ts";
import { succeeded } from "./dataset_lines.ts";
import type { JobInput, ReportFormatters } from "./input.ts";
import type { PoolSample } from "../pool_sample.ts";
import type { Anomaly } from "./report.ts";
import { hasEnded, sendMs } from "./run_facts.ts";
import { median, quantile, sumBytes } from "./statistics.ts";

/** A day, in milliseconds. */
const dayMs = 86_400_000;
/** Smaller amounts are never worth a word, in bytes. */
const floorBytes = 64 * 1024 ** 2;
/** A dataset that changes by less a day may as well rest for one, in bytes. */
const livelyBytes = 1024 ** 2;
/** A history of fewer days or runs proves nothing. */
const enoughDays = 5;
const enoughRuns = 30;
const enoughRates = 10;
/** Shorter transfers measure the set-up, not the link: bytes and milliseconds. */
const rateBytes = 16 * 1024 ** 2;
const rateMs = 2_000;

/** What to compare. */
export interface AnomalyPeriod {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly now: number;
  readonly format: ReportFormatters;
}

/** Whether an amount is far above those before it; what came three times before is no news, such as a nightly dump. */
export function isFarAbove(value: number, history: readonly number[]): boolean {
  const third = [...history].sort((a, b) => b - a)[2] ?? 0;
  return value >= floorBytes && value > 4 * median(history) && value > 2 * third;
}

export function jobAnomalies(input: JobInput, period: AnomalyPeriod): Anomaly[] {
  const own = runDelta(input, period);
  const deltas = datasetDeltas(input, period);
  // A package's bytes are shared out over all its datasets: when most of them stand out, the job does.
  const named = own !== undefined && deltas.length * 2 > input.latest.length ? [own] : deltas.length > 0 ? deltas : own;
  return [
    ...disappeared(input),
    ...fellSilent(input, period),
    ...(named === undefined ? [] : Array.isArray(named) ? named : [named]),
    ...slower(input, period),
  ];
}

function runDelta({ job, runs }: JobInput, { since, format }: AnomalyPeriod): Anomaly | undefined {
  const increments = runs.filter((run) => hasEnded(run) && run.from !== undefined && run.bytes > 0n);
  const before = increments.filter(({ startedAt }) => startedAt < since).map(({ bytes }) => Number(bytes));
  if (before.length < enoughRuns) return undefined;
  const biggest = increments.filter(({ startedAt }) => startedAt >= since)
    .reduce<RunRecord | undefined>((most, run) => most === undefined || run.bytes > most.bytes ? run : most, undefined);
  if (biggest === undefined || !isFarAbove(Number(biggest.bytes), before)) return undefined;
  const usual = median(before);
  return {
    kind: "delta",
    subject: job,
    verdict: "notice",
    text: `the run of ${format.time(biggest.startedAt)} sent ${format.bytes(biggest.bytes)}, ` +
      `${times(Number(biggest.bytes) / usual)} the usual ${format.bytes(usual)}`,
  };
}

function datasetDeltas(input: JobInput, { since, now, format }: AnomalyPeriod): Anomaly[] {
  const share = dayMs / (now - since);
  return perDataset(input, since).flatMap(({ dataset, bytes, isIncrement, days }) => {
    const perDay = Number(bytes) * share;
    if (!isIncrement || days.length < enoughDays || !isFarAbove(perDay, days)) return [];
    const usual = median(days);
    const than = usual > 0 ? `${times(perDay / usual)} the usual ${format.bytes(usual)} a day` : "and usually nothing";
    return [
      { kind: "delta", subject: dataset, verdict: "notice", text: `sent ${format.bytes(bytes)}, ${than}` } as const,
    ];
  });
}

function fellSilent(input: JobInput, { since, now, format }: AnomalyPeriod): Anomaly[] {
  // Of a few hours nothing follows.
  if (now - since < 20 * 3_600_000) return [];
  return perDataset(input, since).flatMap(({ dataset, bytes, isWell, days }) => {
    const usual = median(days);
    const lowest = quantile(days, 0.1);
    if (!isWell || days.length < enoughDays || lowest < livelyBytes || Number(bytes) > lowest / 100) return [];
    const text = `changed by ${format.bytes(usual)} a day, and now by ${
      format.bytes(bytes)
    }: is it empty, or no longer used?`;
    return [{ kind: "emptied", subject: dataset, verdict: "warning", text } as const];
  });
}

function disappeared(input: JobInput): Anomaly[] {
  const gone = input.latest.filter(({ result }) => result === "vanished");
  return gone.flatMap(({ target }) => {
    const before = input.entries.findLast((entry) => entry.target === target && succeeded(entry));
    if (before === undefined) return [];
    const text = "is no longer on the source; its copy stays on the target";
    return [{ kind: "emptied", subject: before.dataset, verdict: "warning", text } as const];
  });
}

function slower({ job, runs }: JobInput, { since, format }: AnomalyPeriod): Anomaly[] {
  const measured = runs.filter((run) => run.bytes >= BigInt(rateBytes) && sendMs(run) >= rateMs);
  const rates = (some: readonly RunRecord[]): number[] => some.map((run) => Number(run.bytes) * 1000 / sendMs(run));
  const before = rates(measured.filter(({ startedAt }) => startedAt < since));
  const within = rates(measured.filter(({ startedAt }) => startedAt >= since));
  if (before.length < enoughRates || within.length < 3) return [];
  const [usual, now] = [median(before), median(within)];
  if (now >= usual / 2) return [];
  const text = `sends ${format.bytes(now)}/s, and sent ${
    format.bytes(usual)
  }/s before: look at the link and at both pools`;
  return [{ kind: "rate", subject: job, verdict: "notice", text }];
}

/** Of each dataset the bytes of the period, and those of each day before. */
function perDataset(input: JobInput, since: number) {
  const before = input.days.filter(({ day }) => day + dayMs <= since);
  const days = Map.groupBy(before, ({ target }) => target);
  const entries = Map.groupBy(input.entries, ({ target }) => target);
  return input.latest.map(({ dataset, target }) => {
    const own = entries.get(target) ?? [];
    return {
      dataset,
      bytes: sumBytes(own.map(({ bytes }) => bytes)),
      isIncrement: own.every(({ kind, from }) => kind !== "full" && (kind !== "package" || from !== undefined)),
      isWell: own.length > 0 && own.every(succeeded),
      days: (days.get(target) ?? []).map(({ bytes }) => Number(bytes)),
    };
  });
}

/** Pools that lost most of what they held. */
export function poolAnomalies(samples: readonly PoolSample[], { since, format }: AnomalyPeriod): Anomaly[] {
  const pools = Map.groupBy(
    samples.filter(({ usedBytes }) => usedBytes !== undefined),
    ({ host, pool }) => `${host}:${pool}`,
  );
  return [...pools].flatMap(([label, points]) => {
    const now = points.at(-1)?.usedBytes ?? 0n;
    const earlier = points.findLast(({ at }) => at < since) ?? points[0];
    const before = earlier?.usedBytes ?? 0n;
    if (before - now < BigInt(floorBytes) || now * 2n > before) return [];
    const text = `held ${format.bytes(before)}, and now ${format.bytes(now)}: was something destroyed?`;
    return [{ kind: "emptied", subject: label, verdict: "warning", text } as const];
  });
}

function times(factor: number): string {
  return Number.isFinite(factor) ? `${Math.round(factor)} times` : "far above";
}
