/**
 * The top of the page: the verdict, its reasons, and the few numbers that a quiet night needs.
 *
 * @module
 */

import { html } from "hono/html";
import type { Reason, Report, Window } from "../../../core/report/report.ts";
import { bytesText, rateText } from "../../text/bytes.ts";
import { durationText } from "../../text/duration.ts";
import { badge, type Html, icon, nothing, placeId, plain, plainLines, prose, toneWords } from "../markup.ts";

/** The banner with the reasons. */
export function banner(report: Report): Html {
  const { verdict } = report;
  const problems = report.reasons.filter((reason) => reason.verdict !== "notice");
  const notes = report.reasons.filter((reason) => reason.verdict === "notice");
  return html`<section class="banner ${verdict}" aria-labelledby="verdict">
${icon(verdict)}
<div>
<h1 id="verdict"><span class="word">${toneWords[verdict]}.</span> ${plain(report.headline)}</h1>
<p>${prose(report.summary)}</p>
</div>
</section>
${reasonList("Why", problems)}
${reasonList("Worth knowing", notes)}`;
}

function reasonList(title: string, reasons: readonly Reason[]): Html {
  if (reasons.length === 0) return nothing;
  return html`
    <section class="reasons" aria-label="${title}">
      <h2>${title}</h2>
      <ul>${reasons.map((reason) =>
        html`<li>${badge(reason.verdict)}<div><p>${prose(reason.text)}</p>${next(reason)}</div>${link(reason)}</li>`
      )}</ul>
    </section>
  `;
}

function next(reason: Reason): Html {
  if (reason.next === undefined) return nothing;
  return html`<p class="next"><span>Next</span> <code>${plainLines(reason.next)}</code></p>`;
}

function link({ place }: Reason): Html {
  if (place === undefined) return nothing;
  const words = { failure: "Show the cause", job: "Show the job", pool: "Show the pool", unusual: "Show" };
  return html`<a href="#${placeId(place)}">${words[place.part]}<span class="hidden">, ${placeId(place)}</span></a>`;
}

/** The numbers of the period. */
export function figures(report: Report): Html {
  const [period] = report.windows;
  const lags = report.jobs.map(({ lagMs }) => lagMs).filter((lagMs) => lagMs !== undefined);
  const longest = report.jobs.map(({ longestLagMs }) => longestLagMs).filter((lagMs) => lagMs !== undefined);
  const fullest = [...report.pools].filter(({ used }) => used !== undefined)
    .sort((a, b) => (b.used ?? 0) - (a.used ?? 0))[0];
  const cells: readonly (readonly [string, string, string])[] = [
    [
      "Oldest copy",
      lags.length > 0 ? durationText(Math.max(...lags)) : "none",
      longest.length > 0 ? `longest ${durationText(Math.max(...longest))}` : "",
    ],
    ["Runs", String(period?.runs ?? 0), runsNote(period)],
    ["Sent", bytesText(period?.bytes ?? 0n), sentNote(report)],
    [
      "Fullest pool",
      fullest ? `${Math.round((fullest.used ?? 0) * 100)} %` : "not known",
      fullest ? `${fullest.host}:${fullest.pool}` : "see bzman capacity",
    ],
  ];
  return html`<dl class="figures">${
    cells.map(([name, value, note]) =>
      html`
        <div>
          <dt>${name}</dt>
          <dd><b>${prose(value)}</b><span>${prose(note)}</span></dd>
        </div>
      `
    )
  }</dl>`;
}

function runsNote(period: Window | undefined): string {
  if (period === undefined || period.runs === 0) return "";
  const failed = period.failed > 0 ? `${period.failed} failed` : "none failed";
  return `${failed}, ${durationText(period.medianMs)} each`;
}

function sentNote({ jobs }: Report): string {
  const bytes = jobs.reduce((sum, job) => sum + job.bytes, 0n);
  const sendMs = jobs.reduce((sum, job) => sum + job.sendMs, 0);
  return bytes > 0n && sendMs > 0 ? `at ${rateText(bytes, sendMs)}` : "";
}
