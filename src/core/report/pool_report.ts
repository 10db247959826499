/**
 * The pools of the report, as the samples in the record show them.
 *
 * @module
 */

import { type Forecast, forecast as forecastOf } from "../capacity/forecast.ts";
import { type CheckVerdict, worstOf } from "../check.ts";
import type { PoolSample } from "../pool_sample.ts";
import type { ReportFormatters } from "./input.ts";

/** How full a pool was at one moment. */
export interface FillPoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** 0 to 1. */
  readonly used: number;
}

export interface PoolReport {
  readonly host: string;
  readonly pool: string;
  readonly verdict: CheckVerdict;
  readonly state: string;
  /** When it was last looked at, milliseconds since 1970. */
  readonly at: number;
  readonly usedBytes?: bigint;
  readonly availableBytes?: bigint;
  /** 0 to 1. */
  readonly used?: number;
  /** Percent. */
  readonly fragmentation?: number;
  /** Of all devices: read, write and checksum errors; missing where nobody counted. */
  readonly errors?: number;
  readonly scrubState?: string;
  readonly scrubAt?: number;
  readonly fill: readonly FillPoint[];
  readonly forecast?: Forecast;
  /** What is wrong, in plain words. */
  readonly problems: readonly PoolProblem[];
}

/** One thing that is wrong with a pool. */
export interface PoolProblem {
  readonly about: "state" | "space" | "scrub";
  readonly verdict: Exclude<CheckVerdict, "ok">;
  readonly text: string;
}

/** What judging pools takes. */
export interface PoolPeriod {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly format: ReportFormatters;
}

/** A pool warns when less than this part of it is free. */
const minFree = 0.25;
/** A scrub is due after so long, in milliseconds. */
const scrubMs = 35 * 86_400_000;
/** A forecast worth a warning, in days. */
const soonDays = 30;

/** One report a pool, by host and name. */
export function poolReports(samples: readonly PoolSample[], period: PoolPeriod): PoolReport[] {
  const pools = Map.groupBy(samples, ({ host, pool }) => `${host}\0${pool}`);
  return [...pools.values()]
    .map((own) => poolReport(own, period))
    .filter((report) => report !== undefined)
    .sort((a, b) => a.host.localeCompare(b.host) || a.pool.localeCompare(b.pool));
}

function poolReport(samples: readonly PoolSample[], period: PoolPeriod): PoolReport | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const sized = samples.findLast(({ usedBytes, availableBytes }) =>
    usedBytes !== undefined && availableBytes !== undefined
  );
  const counted = samples.findLast(({ readErrors }) => readErrors !== undefined);
  const scrubbed = samples.findLast(({ scrubAt }) => scrubAt !== undefined);
  const errors = counted && (counted.readErrors ?? 0) + (counted.writeErrors ?? 0) + (counted.checksumErrors ?? 0);
  const forecast = forecastOf(samples, period.now);
  const facts = {
    ...(sized?.usedBytes === undefined ? {} : { usedBytes: sized.usedBytes }),
    ...(sized?.availableBytes === undefined ? {} : { availableBytes: sized.availableBytes }),
    ...(sized ? { used: fillOf(sized) } : {}),
    ...(last.fragmentation === undefined ? {} : { fragmentation: last.fragmentation }),
    ...(errors === undefined ? {} : { errors }),
    ...(last.scrubState === undefined ? {} : { scrubState: last.scrubState }),
    ...(scrubbed?.scrubAt === undefined ? {} : { scrubAt: scrubbed.scrubAt }),
    ...(forecast ? { forecast } : {}),
  };
  const { host, pool, state, at } = last;
  const problems = poolProblems({ state, ...facts }, period);
  return {
    host,
    pool,
    state,
    at,
    ...facts,
    verdict: worstOf(problems.map(({ verdict }) => verdict)),
    fill: lastOfEachStretch(
      samples.filter(({ usedBytes }) => usedBytes !== undefined).map((s) => ({ at: s.at, used: fillOf(s) })),
    ),
    problems,
  };
}

function poolProblems(
  pool: Pick<PoolReport, "state" | "used" | "errors" | "scrubAt" | "forecast">,
  { now, format }: PoolPeriod,
): PoolProblem[] {
  const found: PoolProblem[] = [];
  if (pool.state === "unreachable") found.push({ about: "state", verdict: "unknown", text: "its host gave no answer" });
  else if (pool.state !== "ONLINE") {
    found.push({
      about: "state",
      verdict: pool.state === "DEGRADED" ? "warning" : "critical",
      text: `it is ${pool.state}`,
    });
  }
  if (pool.errors !== undefined && pool.errors > 0) {
    found.push({
      about: "state",
      verdict: "warning",
      text: `its devices had ${pool.errors} ${pool.errors === 1 ? "error" : "errors"}`,
    });
  }
  if (pool.used !== undefined && 1 - pool.used < minFree) {
    found.push({
      about: "space",
      verdict: "warning",
      text: `only ${Math.floor((1 - pool.used) * 100)} % of it is free`,
    });
  }
  const days = pool.forecast?.untilFull?.days;
  if (days !== undefined && days < soonDays) {
    found.push({
      about: "space",
      verdict: "warning",
      text: `at this pace it is full in ${Math.max(0, Math.round(days))} days`,
    });
  }
  if (pool.scrubAt !== undefined && now - pool.scrubAt > scrubMs) {
    found.push({
      about: "scrub",
      verdict: "warning",
      text: `its last scrub ended ${format.duration(now - pool.scrubAt)} ago`,
    });
  }
  return found;
}

function fillOf({ usedBytes = 0n, availableBytes = 0n }: Pick<PoolSample, "usedBytes" | "availableBytes">): number {
  const total = usedBytes + availableBytes;
  // In millionths, since both exceed what a number can hold.
  return total > 0n ? Number(usedBytes * 1_000_000n / total) / 1_000_000 : 0;
}

/** The last point of each stretch: a chart shows no more. */
function lastOfEachStretch(points: readonly FillPoint[], most = 120): FillPoint[] {
  if (points.length <= most) return [...points];
  const first = points[0]?.at ?? 0;
  const width = ((points.at(-1)?.at ?? 0) - first) / most || 1;
  const stretches = Map.groupBy(points, ({ at }) => Math.min(most - 1, Math.floor((at - first) / width)));
  return [...stretches.values()].map((stretch) => stretch.at(-1)).filter((point) => point !== undefined);
}
