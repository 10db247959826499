/**
 * The verdicts on the space of a pool: how much is free, and for how long. Pure.
 *
 * @module
 */

import type { SpaceLimits } from "../../zfs/pools/space_limits.ts";
import type { CheckFinding, CheckVerdict, Formatters } from "../check.ts";
import { type AnsweringPool, poolCommand, poolLabel } from "../health/pool_inspection.ts";
import type { Forecast } from "./forecast.ts";
import { judgeQuotas } from "./quota_findings.ts";

/** What the judgement depends on, besides the pool. */
export interface CapacityInputs {
  /** With less free, in percent, it warns. */
  readonly warnPercent: number;
  /** With less free, in percent, it is critical. */
  readonly criticalPercent: number;
  readonly forecast: Forecast | undefined;
  /** `undefined` when they could not be listed. */
  readonly limits: readonly SpaceLimits[] | undefined;
  readonly format: Formatters;
}

/** A pool that is full sooner is a warning, and critical, in days. */
const warnDays = 30;
const criticalDays = 7;
/** Free space in so many pieces makes writing slow, in percent. */
const maxFragmentation = 80;

/** The part of a pool that is free, in percent: of what can be used, without parity and ZFS's own reserve. */
export function freePercent({ space: { usedBytes, availableBytes } }: Pick<AnsweringPool, "space">): number {
  const total = usedBytes + availableBytes;
  // In hundredths, since both may exceed what a number holds.
  return total === 0n ? 0 : Number(availableBytes * 10_000n / total) / 100;
}

/** What is wrong with the space of a pool, and what is worth knowing about it. */
export function judgeCapacity(pool: AnsweringPool, inputs: CapacityInputs): CheckFinding[] {
  return [
    ...judgeFree(pool, inputs),
    ...judgeForecast(pool, inputs),
    ...judgeFragmentation(pool),
    ...(inputs.limits === undefined ? [] : judgeQuotas(pool, inputs.limits, inputs.format)),
  ];
}

function judgeFree(pool: AnsweringPool, { warnPercent, criticalPercent, format }: CapacityInputs): CheckFinding[] {
  const percent = freePercent(pool);
  if (percent >= warnPercent) return [];
  const { usedBytes, availableBytes } = pool.space;
  const least = percent < criticalPercent ? criticalPercent : warnPercent;
  return [{
    check: "space-low",
    subject: poolLabel(pool),
    verdict: percent < criticalPercent ? "critical" : "warning",
    text: `${format.bytes(availableBytes)} of ${format.bytes(usedBytes + availableBytes)} are free, ` +
      `${percent.toFixed(1)} %, less than ${least} %`,
    next: `${poolCommand(pool, "zfs", "list", "-o", "space", "-r")} shows what takes the space`,
  }];
}

function judgeForecast(pool: AnsweringPool, { forecast, format }: CapacityInputs): CheckFinding[] {
  const full = forecast?.untilFull;
  if (forecast === undefined || full === undefined || full.days > warnDays) return [];
  const verdict: CheckVerdict = full.days <= criticalDays ? "critical" : "warning";
  return [{
    check: "fills-soon",
    subject: poolLabel(pool),
    verdict,
    text: `it grows by ${format.bytes(Math.round(forecast.growthBytesPerDay))} a day and is full in ${spanText(full)}`,
    next: `${poolCommand(pool, "zfs", "list", "-o", "space", "-r")} shows what takes the space`,
  }];
}

function judgeFragmentation(pool: AnsweringPool): CheckFinding[] {
  const percent = pool.list.fragmentationPercent;
  if (percent === undefined || percent < maxFragmentation) return [];
  const text = `its free space is fragmented by ${percent} %: writing gets slow`;
  return [{
    check: "fragmentation",
    subject: poolLabel(pool),
    verdict: "warning",
    text,
    next: "free space, or copy the pool to a new one",
  }];
}

/** A span in words: `12 days (9 to 20)`, `12 days (9 or more)`. */
export function spanText(span: NonNullable<Forecast["untilFull"]>): string {
  const [days, earliest, latest] = [span.days, span.earliestDays, span.latestDays].map((value) =>
    value === undefined ? undefined : value < 10 ? Math.round(value * 10) / 10 : Math.round(value)
  );
  if (days === 0) return "no time: it is so already";
  const limits = latest === undefined ? `${earliest} or more` : `${earliest} to ${latest}`;
  return `${days} days (${limits})`;
}
