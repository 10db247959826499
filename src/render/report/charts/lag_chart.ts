/**
 * The lag over time, against its objective.
 *
 * @module
 */

import { html } from "hono/html";
import type { LagPoint } from "../../../core/report/report.ts";
import type { Html } from "../markup.ts";
import { spanText } from "../humanize.ts";
import { frame, plot, x, y } from "./frame.ts";
import { durationAxis } from "./scale.ts";

/** What the chart shows. Times are in milliseconds. */
export interface LagChart {
  readonly points: readonly LagPoint[];
  readonly since: number;
  readonly until: number;
  readonly objectiveMs: number;
  readonly note: string;
  readonly description: string;
}

/** The chart: the saw-tooth as an area, its tips as a line. */
export function lagChart({ points, since, until, objectiveMs, note, description }: LagChart): Html {
  const warningMs = objectiveMs * 2;
  const axis = durationAxis(points.reduce((max, { lagMs }) => Math.max(max, lagMs), warningMs));
  const path = (some: readonly LagPoint[]): string =>
    some.map(({ at, lagMs }) => `${x(Math.max(at, since), since, until)},${y(lagMs / axis.top)}`).join(" ");
  const first = points[0];
  const start = first === undefined ? "" : `${x(Math.max(first.at, since), since, until)},${plot.height}`;
  const end = first === undefined ? "" : `${x(until, since, until)},${plot.height}`;
  return frame({
    title: "Lag",
    note,
    description,
    since,
    until,
    lines: [
      ...axis.ticks.map((tick) => ({ at: tick / axis.top, label: spanText(tick) })),
      { at: warningMs / axis.top, label: `warning at ${spanText(warningMs)}`, kind: "limit" },
    ],
    drawing: html`
      <polygon class="area" points="${start} ${path(points)} ${end}" />
      <polyline class="line" points="${path(peaks(points))}" />
    `,
  });
}

/** The tips of the saw-tooth, and its end: a line that can be followed with the eye. Few teeth are all shown. */
export function peaks(points: readonly LagPoint[]): readonly LagPoint[] {
  if (points.length <= 40) return points;
  return points.filter(({ lagMs }, index) =>
    index === points.length - 1 ||
    (lagMs >= (points[index - 1]?.lagMs ?? -1) && lagMs > (points[index + 1]?.lagMs ?? -1))
  );
}
