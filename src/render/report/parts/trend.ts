/**
 * The last day, week and month beside each other, and where the time of runs went.
 *
 * @module
 */

import { html } from "hono/html";
import type { PhaseShare, Report, Window } from "../../../core/report/report.ts";
import { bytesText } from "../../text/bytes.ts";
import { durationText } from "../../text/duration.ts";
import { barChart } from "../charts/bar_chart.ts";
import { bytesAxis } from "../charts/scale.ts";
import { counted, type Html, nothing, percent } from "../markup.ts";
import { roundBytesText } from "../humanize.ts";
import { pageTable } from "./table.ts";

const dayMs = 86_400_000;

const columns = [
  { title: "Period" },
  { title: "Runs", isNumber: true },
  { title: "Failed", isNumber: true },
  { title: "Sent", isNumber: true },
  { title: "Sent a day", isNumber: true },
  { title: "Usual duration", isNumber: true },
  { title: "Longest lag", isNumber: true },
];

export function trendPart(report: Report): Html {
  const { days, windows } = report;
  if (report.jobs.length === 0) return nothing;
  const most = Math.max(...days.map(({ bytes }) => Number(bytes)));
  const failed = days.filter((day) => day.failed > 0).length;
  return html`<section class="card" id="trend" aria-labelledby="trend-title">
<header><h2 id="trend-title">Trend</h2></header>
${
    barChart({
      title: "Bytes per day",
      note: `30 days; ${failed === 0 ? "none with a failed run" : `${counted(failed, "day")} with failed runs`}`,
      description: `Bar chart of the bytes sent on each of the last 30 days, at most ${bytesText(most)}; ${
        counted(failed, "day")
      } with failed runs.`,
      since: days[0]?.day ?? 0,
      until: (days.at(-1)?.day ?? 0) + dayMs,
      bars: days.map(({ day, bytes, failed }) => ({ at: day, value: Number(bytes), failed: failed > 0 })),
      axis: bytesAxis(most),
      label: roundBytesText,
      stepMs: dayMs,
    })
  }
${pageTable(columns, windows.map(windowRow), { caption: "Trend" })}
</section>`;
}

function windowRow(window: Window) {
  const days = window.ms / dayMs;
  return {
    cells: [
      { shown: window.title },
      { shown: String(window.runs) },
      { shown: String(window.failed) },
      { shown: bytesText(window.bytes) },
      { shown: bytesText(Number(window.bytes) / Math.max(days, 1 / 24)) },
      { shown: durationText(window.medianMs) },
      { shown: window.longestLagMs === undefined ? "–" : durationText(window.longestLagMs) },
    ],
  };
}

/** Where time went. */
export function phasesPart({ phases }: Report): Html {
  const total = phases.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
  if (total <= 0) return nothing;
  const rows = phases.map(({ phase, elapsedMs, share }: PhaseShare) => ({
    cells: [
      { shown: phase },
      { shown: html`<span class="meter" aria-hidden="true"><i style="width:${percent(share)}"></i></span>` },
      { shown: `${Math.round(share * 100)} %` },
      { shown: durationText(elapsedMs) },
    ],
  }));
  const columns = [{ title: "Phase" }, { title: "Share" }, { title: "Part", isNumber: true }, {
    title: "Time",
    isNumber: true,
  }];
  return html`<section class="card phases" id="phases" aria-labelledby="phases-title">
<header><h2 id="phases-title">Where time went</h2><span class="aside">${durationText(total)} in all</span></header>
${pageTable(columns, rows, { caption: "Where time went" })}
</section>`;
}
