/**
 * The frame of a chart: a plot that stretches with the page, and labels beside it in the page's own type, which does not.
 *
 * @module
 */

import { html } from "hono/html";
import { type Html, nothing, percent, prose } from "../markup.ts";
import { roundTimes, shortText } from "../timestamps.ts";

/** The plot's own measure: every drawing is made for this width and height, and stretched. */
export const plot = { width: 1000, height: 100 } as const;

/** What a frame holds. */
export interface FrameParts {
  readonly title: string;
  /** What the chart shows, in a sentence, for those who do not see it. */
  readonly description: string;
  readonly since: number;
  readonly until: number;
  /** Lines across with their labels, heights 0 to 1 from the bottom. */
  readonly lines: readonly { readonly at: number; readonly label: string; readonly kind?: "limit" }[];
  /** What is drawn, in the measure of {@linkcode plot}. */
  readonly drawing: Html;
  /** Moments at which something failed: marked in a lane of its own below the plot. */
  readonly failedAt?: readonly number[];
  readonly note?: string;
}

/** A chart as a figure. */
export function frame(parts: FrameParts): Html {
  const { since, until, lines } = parts;
  const times = roundTimes(since, until, 6);
  const place = (at: number): number => (at - since) / (until - since || 1);
  const failed = parts.failedAt ?? [];
  return html`
    <figure class="chart">
      <figcaption><b>${parts.title}</b>${parts.note === undefined ? nothing : html`
        <span>${prose(parts.note)}</span>
      `}</figcaption>
      <div class="plot" role="img" aria-label="${parts.description}">
    <div class="canvas">
    <svg viewBox="0 0 ${plot.width} ${plot.height}" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    ${lines.map(({ at, kind }) =>
      html`
        <line class="${kind ?? "grid"}" x1="0" x2="${plot.width}" y1="${y(at)}" y2="${y(at)}" />
      `
    )}
    ${parts.drawing}
    <line class="base" x1="0" x2="${plot.width}" y1="${plot.height}" y2="${plot.height}"/>
    </svg>
    ${lines.map(({ at, label, kind }) =>
      html`<span class="y ${kind ?? ""} ${at > 0.85 ? "under" : ""}" style="bottom:${percent(at)}">${label}</span>`
    )}
    </div>
    ${failed.length === 0
      ? nothing
      : html`<div class="lane"><span>failed</span>${
        failed.map((at) => html`<i style="left:${percent(place(at))}"></i>`)
      }</div>`}
    <div class="x">${times.map((at) =>
      html`<span style="left:${percent(place(at))}">${shortText(at, until - since)}</span>`
    )}</div>
      </div>
    </figure>
  `;
}

/** A height of 0 to 1 as a coordinate. */
export function y(part: number): string {
  return ((1 - Math.min(Math.max(part, 0), 1)) * plot.height).toFixed(2);
}

/** A moment as a coordinate. */
export function x(at: number, since: number, until: number): string {
  return ((at - since) / (until - since || 1) * plot.width).toFixed(1);
}
