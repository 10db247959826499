/**
 * Pools and their space, as a table.
 *
 * @module
 */

import type { Forecast, Span } from "../../core/capacity/forecast.ts";
import type { CheckVerdict } from "../../core/check.ts";
import { bytesText } from "../text/bytes.ts";
import { verdictWord } from "../check/check_text.ts";
import { type TableColumn, textTable } from "../text/text_table.ts";

/** A pool in the table of `bzman capacity`. What is not known is `undefined`. */
export interface CapacityRow {
  /** `tank`, `target:tank`. */
  readonly pool: string;
  readonly verdict: CheckVerdict;
  readonly space: { readonly usedBytes: bigint; readonly availableBytes: bigint } | undefined;
  readonly freePercent: number | undefined;
  readonly fragmentation: number | undefined;
  readonly forecast: Forecast | undefined;
}

const columns: readonly TableColumn[] = [
  { title: "POOL", shrink: "end" },
  { title: "VERDICT" },
  { title: "USED", align: "right" },
  { title: "FREE", align: "right" },
  { title: "FREE %", align: "right" },
  { title: "FRAG", align: "right", drop: 3 },
  { title: "GROWTH/DAY", align: "right", drop: 1 },
  { title: "75 % USED IN", align: "right", drop: 2 },
  { title: "FULL IN", align: "right" },
];

/** One line a pool. `width`: the terminal's, in cells; `undefined` when piped. */
export function capacityTable(rows: readonly CapacityRow[], width?: number): string[] {
  return textTable(
    columns,
    rows.map(({ pool, verdict, space, freePercent, fragmentation, forecast }) => [
      pool,
      verdictWord[verdict],
      space ? bytesText(space.usedBytes) : "-",
      space ? bytesText(space.availableBytes) : "-",
      freePercent === undefined ? "-" : `${freePercent.toFixed(1)} %`,
      fragmentation === undefined ? "-" : `${fragmentation} %`,
      forecast ? growthText(forecast.growthBytesPerDay) : "?",
      forecast ? inText(forecast.untilThreeQuarters) : "?",
      forecast ? inText(forecast.untilFull) : "?",
    ]),
    width,
  );
}

/** Bytes a day with their sign: `+1.20 GiB`, `-3.00 MiB`. */
export function growthText(bytesPerDay: number): string {
  return `${bytesPerDay > 0 ? "+" : ""}${bytesText(Math.round(bytesPerDay))}`;
}

/** `12 d (9–20)`, `never` for what is not within years, `now` for what has come to pass. */
function inText(span: Span | undefined): string {
  if (span === undefined) return "never";
  if (span.days === 0) return "now";
  const [days, earliest] = [span.days, span.earliestDays].map(dayText);
  return `${days} d (${earliest}–${span.latestDays === undefined ? "…" : dayText(span.latestDays)})`;
}

function dayText(days: number): string {
  return days < 10 ? days.toFixed(1) : String(Math.round(days));
}
