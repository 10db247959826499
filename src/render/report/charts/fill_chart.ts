/**
 * How full a pool was, and will be.
 *
 * @module
 */

import { html } from "hono/html";
import type { PoolReport } from "../../../core/report/pool_report.ts";
import { type Html, nothing } from "../markup.ts";
import { frame, plot, x, y } from "./frame.ts";

const dayMs = 86_400_000;

/** The last 30 days and the next 30. */
export function fillChart(pool: PoolReport, now: number, description: string): Html {
  const since = now - 30 * dayMs;
  const until = now + 30 * dayMs;
  const points = pool.fill.map(({ at, used }) => `${x(Math.max(at, since), since, until)},${y(used)}`).join(" ");
  return frame({
    title: "Used",
    note: pool.forecast ? "30 days back, and the forecast for 30 days" : "30 days back; too few samples for a forecast",
    description,
    since,
    until,
    lines: [
      { at: 0.25, label: "25 %" },
      { at: 0.5, label: "50 %" },
      { at: 0.75, label: "warning at 75 %", kind: "limit" },
      { at: 1, label: "100 %" },
    ],
    drawing: html`
      ${forecastDrawing(pool, now, since, until)}<polyline class="line" points="${points}" />
      <line class="now" x1="${x(now, since, until)}" x2="${x(now, since, until)}" y1="0" y2="${plot.height}" />
    `,
  });
}

function forecastDrawing(pool: PoolReport, now: number, since: number, until: number): Html {
  const { forecast, used } = pool;
  if (forecast === undefined || used === undefined) return nothing;
  const total = Number((pool.usedBytes ?? 0n) + (pool.availableBytes ?? 0n));
  const ahead = (bytesPerDay: number): Projection =>
    projection(used, total > 0 ? bytesPerDay / total : 0, (until - now) / dayMs);
  const points = (way: Projection): string =>
    way.map(([days, part]) => `${x(now + days * dayMs, since, until)},${y(part)}`).join(" ");
  const [high, low] = [forecast.highBytesPerDay, forecast.lowBytesPerDay].map(ahead);
  // The line ends where the pool is full; the cone goes on below the ceiling.
  const line = ahead(forecast.growthBytesPerDay).slice(0, 2);
  return html`
    <polygon class="cone" points="${points([...high ?? [], ...(low ?? []).toReversed()])}" />
    <polyline class="forecast" points="${points(line)}" />
  `;
}

/** Days from now and the used part at each bend. */
type Projection = readonly (readonly [days: number, part: number])[];

/** The way of a pool that fills at a pace: straight on until it is full or empty, and then no further. */
export function projection(used: number, partPerDay: number, days: number): Projection {
  const end = partPerDay > 0 ? 1 : 0;
  const reached = partPerDay === 0 ? Infinity : (end - used) / partPerDay;
  if (reached >= days) return [[0, used], [days, used + partPerDay * days]];
  return [[0, used], [reached, end], [days, end]];
}
