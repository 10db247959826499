/**
 * The jobs: how each stands, its charts, and its datasets.
 *
 * @module
 */

import { html } from "hono/html";
import type { DatasetLine, JobReport, Report, RunBar } from "../../../core/report/report.ts";
import { bytesText, rateText } from "../../text/bytes.ts";
import { durationText } from "../../text/duration.ts";
import { barChart } from "../charts/bar_chart.ts";
import { lagChart } from "../charts/lag_chart.ts";
import { bytesAxis, durationAxis } from "../charts/scale.ts";
import { badge, counted, type Html, nothing, placeId, plain, short } from "../markup.ts";
import { timestampText } from "../timestamps.ts";
import { roundBytesText, spanText } from "../humanize.ts";
import { versionRange } from "../version_range.ts";
import { pageTable } from "./table.ts";

/** One job after another. */
export function jobParts(report: Report): Html {
  return html`${report.jobs.map((job, index) => jobPart(job, index, report))}`;
}

function jobPart(job: JobReport, index: number, report: Report): Html {
  return html`<section class="card job" id="${placeId({ part: "job", index })}" aria-label="Job ${
    plain(job.job)
  }" tabindex="-1">
<header><h2><span>${plain(job.source)}</span> <span class="arrow" aria-label="to">→</span> <span>${
    plain(job.target)
  }</span></h2>${badge(job.verdict)}</header>
<p class="facts">${facts(job)}</p>
<div class="charts">${charts(job, report)}</div>
${datasetTable(job)}
${onlyOnTarget(job)}
</section>`;
}

function facts(job: JobReport): Html {
  const last = job.lastRunAt === undefined
    ? "It has never finished a run."
    : `Last run ${timestampText(job.lastRunAt)}: ${job.lastResult}${
      job.lastClass === undefined || job.lastClass === job.lastResult ? "" : ` (${job.lastClass})`
    }.`;
  const success = job.lastSuccessAt === undefined
    ? " It has never fully succeeded."
    : ` Last success ${timestampText(job.lastSuccessAt)}.`;
  const rate = job.sendMs > 0 && job.bytes > 0n ? ` Streams ran at ${rateText(job.bytes, job.sendMs)}.` : "";
  return html`${plain(last)}${job.lastResult === "ok" ? nothing : success}${rate}`;
}

function charts(job: JobReport, { now, objectiveMs }: Report): Html {
  if (job.bars.length === 0) return html`<p class="none">No run ended within the period.</p>`;
  const since = job.chartSince;
  const lagNow = job.lagMs === undefined ? "not known" : durationText(job.lagMs);
  const longest = job.longestLagMs === undefined ? "not known" : durationText(job.longestLagMs);
  const most = (pick: (bar: RunBar) => number): number => Math.max(...job.bars.map(pick));
  const failed = job.failed === 0 ? "no run failed" : `${counted(job.failed, "run")} failed`;
  const bars = (pick: (bar: RunBar) => number) =>
    job.bars.map((bar) => ({ at: bar.at, value: pick(bar), failed: bar.failed > 0 }));
  const biggest = most(({ bytes }) => Number(bytes));
  const slowest = most(({ elapsedMs }) => elapsedMs);
  return html`${
    lagChart({
      points: job.lag,
      since,
      until: now,
      objectiveMs,
      note: `now ${lagNow}, at most ${longest}`,
      description: `Line chart of the lag of ${plain(job.job)}: now ${lagNow}, at most ${longest}, objective ${
        durationText(objectiveMs)
      }.`,
    })
  }${
    barChart({
      title: "Bytes per run",
      note: `${bytesText(job.bytes)} in all, at most ${bytesText(biggest)}`,
      description: `Bar chart of the bytes that each run sent: ${bytesText(job.bytes)} in all, at most ${
        bytesText(biggest)
      }; ${failed}.`,
      since,
      until: now,
      bars: bars(({ bytes }) => Number(bytes)),
      axis: bytesAxis(biggest),
      label: roundBytesText,
    })
  }${
    barChart({
      title: "Duration per run",
      note: `at most ${durationText(slowest)}; ${failed}`,
      description: `Bar chart of how long each run took: at most ${durationText(slowest)}; ${failed}.`,
      since,
      until: now,
      bars: bars(({ elapsedMs }) => elapsedMs),
      axis: durationAxis(slowest),
      label: spanText,
    })
  }`;
}

const columns = [
  { title: "Dataset" },
  { title: "Result" },
  { title: "Lag", isNumber: true },
  { title: "Sent", isNumber: true },
  { title: "Time", isNumber: true },
  { title: "Rate", isNumber: true },
  { title: "Kind" },
  { title: "From → to" },
];

function datasetTable(job: JobReport): Html {
  if (job.datasets.length === 0) return nothing;
  // What needs a look comes first; otherwise the order of the tree.
  const rank = ({ verdict }: DatasetLine) => ["critical", "warning", "unknown", "ok"].indexOf(verdict);
  const lines = [...job.datasets].sort((a, b) => rank(a) - rank(b));
  const rows = lines.map((line) => ({
    troubled: line.verdict !== "ok" || line.failures > 0,
    cells: [
      { shown: datasetName(line, job), sort: line.dataset },
      { shown: result(line), sort: `${rank(line)} ${line.result}` },
      { shown: line.lagMs === undefined ? "–" : durationText(line.lagMs), sort: line.lagMs ?? -1 },
      { shown: bytesText(line.bytes), sort: Number(line.bytes) },
      { shown: durationText(line.elapsedMs), sort: Math.round(line.elapsedMs) },
      {
        shown: line.bytes > 0n ? rateText(line.bytes, line.elapsedMs) : "–",
        sort: line.elapsedMs > 0 ? Math.round(Number(line.bytes) / line.elapsedMs) : -1,
      },
      { shown: short(line.kind), sort: line.kind },
      { shown: versions(line), sort: line.to ?? "" },
    ],
  }));
  return pageTable(columns, rows, { caption: `Datasets of ${plain(job.job)}`, sortable: true, filter: true });
}

function datasetName({ dataset, target, message, result }: DatasetLine, job: JobReport): Html {
  const expected = `${job.target.slice(job.target.indexOf(":") + 1)}${
    dataset.slice(job.source.slice(job.source.indexOf(":") + 1).length)
  }`;
  const other = target === expected ? nothing : html`<small>→ ${plain(target)}</small>`;
  const why = message === undefined || result === "ok" || result === "up-to-date"
    ? nothing
    : html`<small class="why">${plain(message)}</small>`;
  return html`<span class="name">${plain(dataset)}</span>${other}${why}`;
}

function result(line: DatasetLine): Html {
  const word = line.errorClass ?? line.result;
  const failures = line.failures === 0
    ? nothing
    : html`<small>${line.failures} of ${counted(line.runs, "run")} failed</small>`;
  return html`${badge(line.verdict, word)}${failures}`;
}

function versions({ from, to }: DatasetLine): Html {
  if (to === undefined) return html`–`;
  const [start, end] = versionRange(from, to);
  const before = start === undefined ? nothing : html`
    <span title="${plain(from ?? "")}">${plain(start)}</span> →
  `;
  return html`<span class="${end.length + (start?.length ?? 0) < 50 ? "versions whole" : "versions"}">${before}<span>${
    plain(end)
  }</span></span>`;
}

function onlyOnTarget({ onlyOnTarget: names }: JobReport): Html {
  if (names.length === 0) return nothing;
  return html`
    <details class="more">
      <summary>${counted(names.length, "dataset")} only on the target</summary>
      <p>The source has no such ${names.length === 1
        ? "dataset"
        : "datasets"} any more; nothing is destroyed for that.</p>
      <ul class="names">${names.map((name) => html`<li>${plain(name)}</li>`)}</ul>
    </details>
  `;
}
