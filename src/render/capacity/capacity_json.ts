/**
 * The space of a pool, as JSON.
 *
 * @module
 */

import type { Span } from "../../core/capacity/forecast.ts";
import { bytesJson, type Json } from "../text/json.ts";
import type { CapacityRow } from "./capacity_table.ts";

/** A pool with its forecast; `null` for what is not known, and for what is not within ten years. */
export function capacityJson({ pool, verdict, space, freePercent, fragmentation, forecast }: CapacityRow): Json {
  return {
    pool,
    verdict,
    usedBytes: space ? bytesJson(space.usedBytes) : null,
    availableBytes: space ? bytesJson(space.availableBytes) : null,
    freePercent: freePercent ?? null,
    fragmentationPercent: fragmentation ?? null,
    forecast: forecast === undefined ? null : {
      growthBytesPerDay: Math.round(forecast.growthBytesPerDay),
      lowBytesPerDay: Math.round(forecast.lowBytesPerDay),
      highBytesPerDay: Math.round(forecast.highBytesPerDay),
      seenDays: rounded(forecast.seenDays),
      untilThreeQuarters: spanJson(forecast.untilThreeQuarters),
      untilFull: spanJson(forecast.untilFull),
    },
  };
}

function spanJson(span: Span | undefined): Json {
  if (span === undefined) return null;
  const { days, earliestDays, latestDays } = span;
  return {
    days: rounded(days),
    earliestDays: rounded(earliestDays),
    latestDays: latestDays === undefined ? null : rounded(latestDays),
  };
}

function rounded(days: number): number {
  return Math.round(days * 100) / 100;
}
