/**
 * The report as a page: one file that loads nothing.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { Report } from "../../core/report/report.ts";
import { type Html, nothing, plain, toneWords } from "./markup.ts";
import { minuteText, timestampText } from "./timestamps.ts";
import { banner, figures } from "./parts/banner.ts";
import { failuresPart, unusualPart } from "./parts/failures.ts";
import { jobParts } from "./parts/jobs.ts";
import { poolsPart } from "./parts/pools.ts";
import { phasesPart, trendPart } from "./parts/trend.ts";
import { script } from "./script.ts";
import { styles } from "./styles.ts";

/** Only this very script may run: should anything ever get past the escaping, it still does nothing. */
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${
  createHash("sha256").update(script).digest("base64")
}'; base-uri 'none'; form-action 'none'`;

/**
 * The page as text.
 *
 * @param version Of bzman, for the foot of the page.
 */
export async function reportPage(report: Report, version: string): Promise<string> {
  const title = `${toneWords[report.verdict]}: ${plain(report.headline)} · ${plain(report.host)}`;
  const page = html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>${title}</title>
        <style>${raw(styles)}</style>
      </head>
      <body>
        <a class="skip" href="#main">To the report</a>
        <div class="page">
          <header class="top">
            <p><b>bzman</b> ${plain(report.host)}</p>
            <p>${minuteText(report.since)} to ${timestampText(report.now)}</p>
          </header>
          <main id="main" tabindex="-1">
    ${banner(report)}
    ${report.jobs.length === 0 ? nothing : figures(report)}
    ${links(report)}
    ${jobParts(report)}
    ${unusualPart(report)}
    ${poolsPart(report)}
    ${trendPart(report)}
    ${phasesPart(report)}
    ${failuresPart(report)}
          </main>
          <footer>
            <p>bzman ${version}. Times are in UTC. The same as a mail: <code>bzman report --to ADDR</code>. Every run: <code>bzman log --dataset</code>.</p>
          </footer>
        </div>
        <script>${raw(script)}</script>
      </body>
    </html>
  `;
  return `${String(await page).trim()}\n`;
}

function links(report: Report): Html {
  const parts: readonly (readonly [string, string])[] = [
    ...(report.jobs.length > 0 ? [["job-1", "Jobs"] as const] : []),
    ...(report.anomalies.length > 0 ? [["unusual", "Unusual"] as const] : []),
    ["pools", "Pools"],
    ...(report.jobs.length > 0 ? [["trend", "Trend"] as const, ["phases", "Time"] as const] : []),
    ...(report.failures.length > 0 ? [["failures", "Failures"] as const] : []),
  ];
  return html`<nav aria-label="Parts of the report">${
    parts.map(([id, name]) => html`<a href="#${id}">${name}</a>`)
  }</nav>`;
}
