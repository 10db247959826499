/**
 * How fast a pool fills, and when it will be full, from its samples in the record. Pure.
 *
 * @module
 */

import type { PoolSample } from "../pool_sample.ts";
import { type Point, theilSen } from "./theil_sen.ts";

/** A time from now until something comes to pass, in days. */
export interface Span {
  readonly days: number;
  /** If it grows as fast as the samples leave possible. */
  readonly earliestDays: number;
  /** If it grows as slowly; `undefined`: perhaps never. */
  readonly latestDays: number | undefined;
}

/** Where the filling of a pool leads. */
export interface Forecast {
  readonly growthBytesPerDay: number;
  /** Between these limits the growth is known. */
  readonly lowBytesPerDay: number;
  readonly highBytesPerDay: number;
  /** Over how many days it was seen. */
  readonly seenDays: number;
  /** Until three quarters are used, which is when ZFS begins to slow down; `undefined`: not within ten years. */
  readonly untilThreeQuarters: Span | undefined;
  /** Until nothing is free; `undefined`: not within ten years. */
  readonly untilFull: Span | undefined;
}

const dayMs = 86_400_000;
/** What happened before says little about what comes, in days. */
const lookBackDays = 30;
/** Fewer samples, or over less time, say nothing. */
const minSamples = 6;
const minDays = 1;
/** So many points are enough for a slope. */
const maxPoints = 120;
/** Further ahead nobody plans, in days. */
const horizonDays = 3650;

/**
 * Forecasts.
 *
 * @param samples Of one pool, the oldest first.
 * @param now Milliseconds since 1970.
 * @returns `undefined` while there are too few samples.
 */
export function forecast(samples: readonly PoolSample[], now: number): Forecast | undefined {
  const points = lastOfEachStretch(pointsOf(samples, now));
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < minSamples) return undefined;
  const seenDays = last.x - first.x;
  const fit = seenDays < minDays ? undefined : theilSen(points);
  const newest = samples.findLast(({ usedBytes }) => usedBytes !== undefined);
  if (fit === undefined || newest === undefined) return undefined;
  const used = Number(newest.usedBytes ?? 0n);
  const total = used + Number(newest.availableBytes ?? 0n);
  const until = (level: number): Span | undefined => {
    const missing = level - used;
    if (missing <= 0) return { days: 0, earliestDays: 0, latestDays: 0 };
    const days = (slope: number): number => slope > 0 ? missing / slope : Infinity;
    if (days(fit.slope) > horizonDays) return undefined;
    const latest = days(fit.low);
    return {
      days: days(fit.slope),
      earliestDays: days(fit.high),
      latestDays: latest > horizonDays ? undefined : latest,
    };
  };
  return {
    growthBytesPerDay: fit.slope,
    lowBytesPerDay: fit.low,
    highBytesPerDay: fit.high,
    seenDays,
    untilThreeQuarters: until(0.75 * total),
    untilFull: until(total),
  };
}

/** Days before now (negative) and bytes used, of the pool that is there now: another of the same name began anew. */
function pointsOf(samples: readonly PoolSample[], now: number): Point[] {
  const guid = samples.findLast(({ poolGuid }) => poolGuid !== undefined)?.poolGuid;
  return samples.flatMap(({ at, usedBytes, poolGuid }) => {
    const x = (at - now) / dayMs;
    return usedBytes === undefined || poolGuid !== guid || x < -lookBackDays || x > 0
      ? []
      : [{ x, y: Number(usedBytes) }];
  });
}

/** The last point of each stretch of time, so that an hour with many runs weighs no more than one with few. */
function lastOfEachStretch(points: readonly Point[]): Point[] {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length <= maxPoints) return [...points];
  const width = (last.x - first.x) / maxPoints;
  const byStretch = Map.groupBy(points, ({ x }) => Math.min(maxPoints - 1, Math.floor((x - first.x) / width)));
  return [...byStretch.values()].map((stretch) => stretch.at(-1)).filter((point) => point !== undefined);
}
