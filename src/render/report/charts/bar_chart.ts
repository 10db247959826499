/**
 * Bars over time: bytes or duration of runs or days. Failures stand in a lane of their own below.
 *
 * @module
 */

import { html } from "hono/html";
import type { Html } from "../markup.ts";
import { frame, plot, x } from "./frame.ts";
import type { Axis } from "./scale.ts";

export interface Bar {
  /** Where it stands, milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
  readonly failed: boolean;
}

/** What the chart shows. */
export interface BarChart {
  readonly title: string;
  readonly note: string;
  readonly description: string;
  readonly since: number;
  readonly until: number;
  readonly bars: readonly Bar[];
  readonly axis: Axis;
  readonly label: (value: number) => string;
  /** The time a bar stands for, in milliseconds; without it each is a run. */
  readonly stepMs?: number;
}

export function barChart(chart: BarChart): Html {
  const { since, until, bars, axis } = chart;
  const span = until - since || 1;
  const step = chart.stepMs === undefined ? plot.width / Math.max(bars.length, 24) : chart.stepMs / span * plot.width;
  const gaps = bars.slice(1).map(({ at }, index) => (at - (bars[index]?.at ?? at)) / span * plot.width);
  const width = Math.max(1.5, Math.min(step * 0.72, 26, ...gaps.map((gap) => gap * 0.8)));
  // The last bar must not stick out.
  const left = (at: number): string => Math.min(Number(x(at, since, until)), plot.width - width).toFixed(1);
  const drawn = bars.map(({ at, value, failed }) => {
    const height = Math.max(value > 0 ? 1 : 0, value / axis.top * plot.height);
    return html`
      <rect class="${failed && chart.stepMs === undefined ? "bar failed" : "bar"}" x="${left(at)}" width="${width
        .toFixed(
          1,
        )}" y="${(plot.height - height).toFixed(2)}" height="${height.toFixed(2)}" />
    `;
  });
  return frame({
    title: chart.title,
    note: chart.note,
    description: chart.description,
    since,
    until,
    lines: axis.ticks.map((tick) => ({ at: tick / axis.top, label: chart.label(tick) })),
    drawing: html`${drawn}`,
    // Below the middle of their bars.
    failedAt: bars.filter(({ failed }) => failed).map(({ at }) =>
      since + (Number(left(at)) + width / 2) / plot.width * span
    ),
  });
}
