/**
 * The pools: state, filling, scrubs and errors.
 *
 * @module
 */

import { html } from "hono/html";
import type { Forecast, Span } from "../../../core/capacity/forecast.ts";
import type { PoolReport } from "../../../core/report/pool_report.ts";
import type { Report } from "../../../core/report/report.ts";
import { bytesText } from "../../text/bytes.ts";
import { durationText } from "../../text/duration.ts";
import { fillChart } from "../charts/fill_chart.ts";
import { badge, type Html, nothing, percent, placeId, plain, prose } from "../markup.ts";

/** The pools side by side. */
export function poolsPart(report: Report): Html {
  if (report.pools.length === 0) {
    return html`
      <section class="card" id="pools" aria-labelledby="pools-title">
        <header>
          <h2 id="pools-title">Pools</h2>
        </header>
        <p
          class="none">The record has no pool inspection yet: <code>bzman health</code> and <code>bzman capacity</code> record one.</p>
      </section>
    `;
  }
  return html`<section id="pools" aria-label="Pools" class="pools">${
    report.pools.map((pool, index) => poolPart(pool, index, report.now))
  }</section>`;
}

function poolPart(pool: PoolReport, index: number, now: number): Html {
  const label = plain(`${pool.host}:${pool.pool}`);
  const rows: readonly (readonly [string, string])[] = [
    ["State", `${pool.state}, seen ${now - pool.at < 60_000 ? "just now" : `${durationText(now - pool.at)} ago`}`],
    ["Scrub", scrub(pool, now)],
    ["Errors", pool.errors === undefined ? "not counted" : pool.errors === 0 ? "none" : String(pool.errors)],
    ["Fragmentation", pool.fragmentation === undefined ? "not known" : `${pool.fragmentation} %`],
    ["Forecast", pool.forecast ? forecastText(pool.forecast) : "too few samples"],
  ];
  return html`<section class="card pool" id="${
    placeId({ part: "pool", index })
  }" aria-label="Pool ${label}" tabindex="-1">
<header><h2>${label}</h2>${badge(pool.verdict, pool.state === "ONLINE" ? undefined : pool.state)}</header>
${
    pool.problems.length === 0
      ? nothing
      : html`<ul class="troubles">${
        pool.problems.map(({ verdict, text }) => html`<li>${badge(verdict)} ${plain(text)}</li>`)
      }</ul>`
  }
${capacity(pool)}
<dl class="rows">${
    rows.map(([name, value]) =>
      html`
        <div>
          <dt>${name}</dt>
          <dd>${prose(value)}</dd>
        </div>
      `
    )
  }</dl>
${
    pool.fill.length < 2 ? nothing : fillChart(
      pool,
      now,
      `Line chart of the used part of ${label}: ${Math.round((pool.used ?? 0) * 100)} % now; ${
        pool.forecast ? forecastText(pool.forecast) : "no forecast"
      }.`,
    )
  }
</section>`;
}

function capacity(pool: PoolReport): Html {
  if (pool.used === undefined) return nothing;
  const words = `${(pool.used * 100).toFixed(0)} % used`;
  return html`
    <div class="capacity">
      <div class="bar-track" role="img"
        aria-label="${words}; warning at 75 %"><i class="${pool.used > 0.75 ? "high" : ""}" style="width:${percent(
          pool.used,
        )}"></i><b></b></div>
      <p><b>${words}</b><span>${bytesText(pool.availableBytes ?? 0n)} free of ${bytesText(
        (pool.usedBytes ?? 0n) + (pool.availableBytes ?? 0n),
      )}</span></p>
    </div>
  `;
}

/** When it was scrubbed last. */
export function scrub({ scrubState, scrubAt }: PoolReport, now: number): string {
  const state = scrubState === undefined || scrubState === "scrub finished" ? "" : `${scrubState}; `;
  return `${state}${scrubAt === undefined ? "none known" : `${durationText(now - scrubAt)} ago`}`;
}

/** The forecast in a few words. */
export function forecastText({ growthBytesPerDay, untilFull, untilThreeQuarters }: Forecast): string {
  const growth = growthBytesPerDay >= 0
    ? `grows ${bytesText(growthBytesPerDay)} a day`
    : `shrinks ${bytesText(-growthBytesPerDay)} a day`;
  if (untilFull === undefined) return `${growth}; not full within ten years`;
  const soon = untilThreeQuarters === undefined || untilThreeQuarters.days === 0
    ? ""
    : `75 % used in ${inDays(untilThreeQuarters)}, `;
  return `${growth}; ${soon}full in ${inDays(untilFull)}`;
}

/** `18 days (15 to 22)`; the limits are left out where they round to the same. */
function inDays({ days, earliestDays, latestDays }: Span): string {
  const [middle, earliest, latest] = [days, earliestDays, latestDays ?? Infinity].map(roundDays);
  const range = latestDays === undefined ? ` (${earliest} at the earliest)` : ` (${earliest} to ${latest})`;
  return `${middle} ${middle === 1 ? "day" : "days"}${earliest === latest ? "" : range}`;
}

/** Whole days, and tenths where few are left. */
function roundDays(days: number): number {
  return days < 10 ? Math.round(days * 10) / 10 : Math.round(days);
}
