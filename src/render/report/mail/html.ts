/**
 * The report as the HTML part of a mail: tables, styles in every element, nothing loaded, nothing that needs a script.
 *
 * @module
 */

import { html } from "hono/html";
import type { DatasetLine, FailureReport, JobReport, Reason, Report } from "../../../core/report/report.ts";
import { bytesText, rateText } from "../../text/bytes.ts";
import { durationText } from "../../text/duration.ts";
import { badgeOf, card, dataTable, gap, type MailRow } from "./blocks.ts";
import { counted, type Html, nothing, plain, plainLines, prose, toneWords } from "../markup.ts";
import { minuteText, shortText, timestampText } from "../timestamps.ts";
import { forecastText, scrub } from "../parts/pools.ts";
import { versionRange } from "../version_range.ts";
import { spanText } from "../humanize.ts";
import { shownSize } from "./images.ts";
import { styles, tones } from "./style.ts";
import { imageIds, shownDatasets } from "./selection.ts";

/** The HTML part. */
export async function mailHtml(report: Report): Promise<string> {
  const [text, ground] = tones[report.verdict];
  const page = html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta http-equiv="Content-Type" content="text/html; charset=utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light">
        <title>${plain(report.headline)}</title>
      </head>
      <body style="${styles.body}" bgcolor="#f5f6f4">
        <div role="main">
          <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f5f6f4">
            <tr>
              <td align="center" style="padding:16px 10px;">
                <table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0" style="${styles
                  .paper}">
    <tr><td bgcolor="${ground}" style="padding:22px 24px;border-radius:10px;background-color:${ground};">
    <h1 style="${styles.h1}"><span style="color:${text};">${toneWords[report.verdict]}.</span> ${plain(
      report.headline,
    )}</h1>
    <p style="${styles.p}">${prose(report.summary)}</p>
    <p style="${styles.soft}">${plain(report.host)}, ${minuteText(report.since)} to ${timestampText(report.now)}</p>
    </td></tr>
    ${reasons(report.reasons)}
    ${report.jobs.map((job, index) => jobCard(job, index, report))}
    ${trend(report)}
    ${pools(report)}
    ${phases(report)}
    ${report.failures.map(failureCard)}
    ${gap}
    <tr><td style="${styles
      .soft}padding:0 24px;">The same as a page, with every dataset: bzman report --output FILE.html</td></tr>
              </table>
              </td>
            </tr>
          </table>
        </div>
      </body>
    </html>
  `;
  return `${String(await page).trim()}\n`;
}

function reasons(all: readonly Reason[]): Html {
  if (all.length === 0) return nothing;
  return card(
    html`${
      all.map(({ verdict, text, next }, index) =>
        html`<p style="margin:${index === 0 ? 0 : 10}px 0 0;">${badgeOf(verdict)} ${prose(text)}</p>${
          next === undefined
            ? nothing
            : html`<p style="${styles.soft}">Next: <span style="${styles.name}">${plain(next)}</span></p>`
        }`
      )
    }`,
  );
}

function jobCard(job: JobReport, index: number, report: Report): Html {
  const lag = job.lagMs === undefined ? "not known" : durationText(job.lagMs);
  const longest = job.longestLagMs === undefined ? "" : ` now, ${durationText(job.longestLagMs)} at most`;
  const failed = job.failed === 0 ? "none failed" : `${job.failed} failed`;
  const rate = job.sendMs > 0 && job.bytes > 0n ? ` at ${rateText(job.bytes, job.sendMs)}` : "";
  return card(html`<h2 style="${styles.h2}">${plain(job.source)} → ${plain(job.target)}</h2>
<p style="${styles.p}">${badgeOf(job.verdict)} ${
    prose(`${counted(job.runs, "run")}, ${failed}; ${bytesText(job.bytes)} sent${rate}; lag ${lag}${longest}`)
  }</p>
${charts(job, index, report)}
${datasets(job)}`);
}

function charts(job: JobReport, index: number, report: Report): Html {
  const ids = imageIds(job, index);
  if (ids === undefined) return nothing;
  const warning = spanText(report.objectiveMs * 2);
  const longest = job.longestLagMs === undefined ? "not known" : durationText(job.longestLagMs);
  const biggest = bytesText(Math.max(...job.bars.map(({ bytes }) => Number(bytes))));
  return html`${
    chart(
      ids.lag,
      "Lag",
      `highest ${longest}; dashed: warning at ${warning}`,
      `Chart of the lag: at most ${longest}.`,
      job.chartSince,
      report.now,
    )
  }${
    chart(
      ids.bytes,
      "Bytes per run",
      `highest ${biggest}${job.failed > 0 ? "; ▲ failed" : ""}`,
      `Chart of the bytes of each run: at most ${biggest}; ${job.failed} failed.`,
      job.chartSince,
      report.now,
    )
  }`;
}

function chart(cid: string, title: string, note: string, alt: string, since: number, now: number): Html {
  const period = now - since;
  return html`
    <h3 style="${styles.h3}">${title} <span style="${styles.small}font-weight:400;">${note}</span></h3>
    <img src="cid:${cid}" width="${shownSize.width}" height="${shownSize.height}" alt="${alt}" style="${styles.image}">
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
      <tr>
        <td align="left" style="${styles.small}">${shortText(since, period)}</td>
        <td align="center" style="${styles.small}">${shortText(since + period / 2, period)}</td>
        <td align="right" style="${styles.small}">${shortText(now, period)}</td>
      </tr>
    </table>
  `;
}

function datasets(job: JobReport): Html {
  const { lines, more } = shownDatasets(job);
  if (lines.length === 0) return nothing;
  const rows = lines.map((line): MailRow => ({
    cells: [
      html`<span style="${styles.name}">${plain(line.dataset)}</span> ${
        badgeOf(line.verdict, line.errorClass ?? line.result)
      }`,
      line.lagMs === undefined ? "–" : durationText(line.lagMs),
      bytesText(line.bytes),
    ],
    below: about(line),
  }));
  return html`<h3 style="${styles.h3}">Datasets</h3>${dataTable(["Dataset", "Lag", "Sent"], rows, 1)}${
    more === 0 ? nothing : html`<p style="${styles.soft}">and ${counted(more, "other")}, all OK</p>`
  }`;
}

/** What went wrong, if anything; what was sent, from where to where, and how fast. */
function about({ result, message, kind, from, to, bytes, elapsedMs }: DatasetLine): Html {
  const why = message === undefined || result === "ok" || result === "up-to-date"
    ? nothing
    : html`<div style="${styles.why}">${prose(message)}</div>`;
  const [start, end] = to === undefined ? [undefined, "nothing yet"] : versionRange(from, to);
  const pace = bytes > 0n ? `; ${durationText(elapsedMs)} at ${rateText(bytes, elapsedMs)}` : "";
  return html`${why}<div style="${styles.small}">${prose(`${kind}${pace}`)}; ${
    start === undefined ? nothing : plain(`${start} → `)
  }<span style="${end.length < 40 ? "white-space:nowrap;" : ""}">${plain(end)}</span></div>`;
}

function trend({ windows, jobs }: Report): Html {
  if (jobs.length === 0) return nothing;
  const rows = windows.map((window): MailRow => ({
    cells: [
      prose(window.title),
      String(window.runs),
      String(window.failed),
      bytesText(window.bytes),
      window.longestLagMs === undefined ? "–" : durationText(window.longestLagMs),
    ],
  }));
  return card(
    html`<h2 style="${styles.h2}">Trend</h2>${dataTable(["Period", "Runs", "Failed", "Sent", "Longest lag"], rows, 1)}`,
  );
}

function pools({ pools, now }: Report): Html {
  if (pools.length === 0) return nothing;
  const rows = pools.map((pool): MailRow => ({
    cells: [
      html`<span style="${styles.name}">${plain(`${pool.host}:${pool.pool}`)}</span> ${
        badgeOf(pool.verdict, pool.state)
      }`,
      pool.used === undefined ? "–" : html`${meter(pool.used)}${Math.round(pool.used * 100)} % used`,
    ],
    below: html`<div style="${styles.small}">${
      prose(
        `${pool.forecast ? forecastText(pool.forecast) : "no forecast yet"}; scrub ${scrub(pool, now)}; errors: ${
          pool.errors ?? "not counted"
        }`,
      )
    }</div>`,
  }));
  return card(html`<h2 style="${styles.h2}">Pools</h2>${dataTable(["Pool", "Capacity"], rows, 1)}`);
}

function meter(used: number): Html {
  const part = Math.round(Math.min(Math.max(used, 0.01), 0.99) * 100);
  return html`
    <table role="presentation" align="right" width="100" cellpadding="0" cellspacing="0" border="0"
      style="margin:3px 0 4px;">
      <tr>
        <td width="${part}" height="8" bgcolor="${used > 0.75
          ? "#b07008"
          : "#3879cd"}" style="font-size:1px;line-height:8px;">&nbsp;</td>
        <td width="${100 - part}" height="8" bgcolor="#dfe3e1" style="font-size:1px;line-height:8px;">&nbsp;</td>
      </tr>
    </table><br>
  `;
}

function phases({ phases }: Report): Html {
  if (phases.length === 0) return nothing;
  const rows = phases.map(({ phase, share, elapsedMs }): MailRow => ({
    cells: [phase, `${Math.round(share * 100)} %`, durationText(elapsedMs)],
  }));
  return card(html`<h2 style="${styles.h2}">Where time went</h2>${dataTable(["Phase", "Part", "Time"], rows, 1)}`);
}

function failureCard(failure: FailureReport): Html {
  const { count, firstAt, lastAt, isOver, stderrTail = "" } = failure;
  const when = count === 1
    ? timestampText(lastAt)
    : `${count} runs, ${minuteText(firstAt)} to ${timestampText(lastAt)}`;
  const stderr = plainLines(stderrTail);
  return card(
    html`<h2 style="${styles.h2}">${badgeOf(isOver ? "notice" : "critical", failure.errorClass)} ${
      isOver ? "Resolved" : "Open"
    }</h2>
<p style="${styles.p}">${plain(failure.message)}</p>
<p style="${styles.soft}">${plain(failure.job)}; ${when}; run ${failure.runId}, ${plain(failure.uuid)}</p>
${
      failure.advice === undefined
        ? nothing
        : html`<p style="${styles.soft}">Next: <span style="${styles.name}">${plainLines(failure.advice)}</span></p>`
    }
${stderr === "" ? nothing : html`<pre style="${styles.pre}">${stderr}</pre>`}`,
  );
}
