/**
 * How the page looks: neutral paper, one accent, and colours of verdicts that are never alone.
 *
 * @module
 */

import { chartStyles } from "./styles_charts.ts";
import { tableStyles } from "./styles_table.ts";

const palette = `
:root {
  color-scheme: light dark;
  --paper: #f5f6f4; --card: #ffffff; --ink: #191c1f; --soft: #565d66; --line: #e1e4e3; --quiet: #eef0ee;
  --accent: #1f5fae; --accent-soft: #dbe7f5;
  --ok: #1c6b40; --ok-soft: #e4f2e9; --warning: #855000; --warning-soft: #fcf0d7;
  --critical: #ab1f1f; --critical-soft: #fce8e6; --unknown: #4d5560; --unknown-soft: #e9ebee;
  --notice: #1f5fae; --notice-soft: #e6eef8;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #101316; --card: #181c20; --ink: #e9ebed; --soft: #a3abb4; --line: #2b3137; --quiet: #22272c;
    --accent: #86b6f2; --accent-soft: #24364c;
    --ok: #77cf9b; --ok-soft: #16291f; --warning: #efb656; --warning-soft: #30260f;
    --critical: #ff9a92; --critical-soft: #391b1a; --unknown: #b4bcc6; --unknown-soft: #262b31;
    --notice: #86b6f2; --notice-soft: #1b2836;
  }
}
.ok { --tone: var(--ok); --tone-soft: var(--ok-soft); }
.warning { --tone: var(--warning); --tone-soft: var(--warning-soft); }
.critical { --tone: var(--critical); --tone-soft: var(--critical-soft); }
.unknown { --tone: var(--unknown); --tone-soft: var(--unknown-soft); }
.notice { --tone: var(--notice); --tone-soft: var(--notice-soft); }
`;

const base = `
* { box-sizing: border-box; margin: 0; }
html { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums; background: var(--paper); color: var(--ink); scroll-padding-top: 16px;
  -webkit-text-size-adjust: 100%; }
.page { max-width: 1200px; margin: 0 auto; padding: 20px 24px 56px; }
h1, h2, h3 { line-height: 1.25; font-weight: 600; text-wrap: balance; }
h2 { font-size: 1.2rem; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h3 { font-size: 0.87rem; margin: 18px 0 6px; color: var(--soft); }
code, pre, .name, .uuid, .versions, .names { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: 0.87em; }
code { overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus, .job:focus, .pool:focus { outline: none; }
:target { scroll-margin-top: 16px; }
.job:target, .pool:target, .failure:target { border-color: var(--accent); }
.hidden, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: fixed; top: 8px; left: 8px; padding: 8px 14px; background: var(--card); z-index: 1; }
.js { display: none !important; }
.scripted .js { display: flex !important; }
.top { display: flex; justify-content: space-between; gap: 16px; flex-wrap: wrap; color: var(--soft); font-size: 0.93rem; margin-bottom: 14px; }
.top b { color: var(--ink); }
footer { color: var(--soft); font-size: 0.87rem; margin-top: 32px; }
nav { display: flex; gap: 6px 22px; flex-wrap: wrap; margin: 22px 0 14px; }
nav a { padding: 4px 0; }
.icon { width: 1.1em; height: 1.1em; fill: var(--tone); flex: none; vertical-align: -0.18em; }
.badge { display: inline-flex; align-items: baseline; gap: 6px; padding: 1px 9px 1px 7px; border-radius: 20px; white-space: nowrap;
  font: 600 0.82rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif; color: var(--tone); background: var(--tone-soft); }
.badge .icon { position: relative; top: 0.18em; }
.none { color: var(--soft); }
`;

const parts = `
.banner { display: flex; gap: 20px; align-items: flex-start; padding: 26px 28px; border-radius: 12px; background: var(--tone-soft); }
.banner > .icon { width: 44px; height: 44px; margin-top: 2px; }
.banner h1 { font-size: clamp(1.45rem, 1.1rem + 1.8vw, 2.1rem); letter-spacing: -0.022em; }
.banner .word { color: var(--tone); }
.banner p { margin-top: 4px; font-size: 1.05rem; }
.reasons { margin-top: 18px; }
.reasons h2 { font-size: 0.93rem; color: var(--soft); font-weight: 600; letter-spacing: 0; margin-bottom: 2px; }
.reasons ul { list-style: none; padding: 0; }
.reasons li { display: grid; grid-template-columns: 104px 1fr auto; gap: 4px 14px; padding: 10px 0; border-top: 1px solid var(--line); align-items: baseline; }
.reasons li:first-child { border-top: 0; }
.reasons li > .badge { justify-self: start; }
.reasons p { overflow-wrap: anywhere; }
.reasons a { white-space: nowrap; }
.next { color: var(--soft); margin-top: 2px; }
.next code { color: var(--ink); white-space: pre-line; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); margin-top: 22px; border-block: 1px solid var(--line); }
.figures div { padding: 14px 20px 14px 0; }
.figures div + div { padding-left: 20px; border-left: 1px solid var(--line); }
.figures dt { color: var(--soft); font-size: 0.87rem; }
.figures dd b { display: block; font-size: 1.6rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.02em; }
.figures dd span { color: var(--soft); font-size: 0.87rem; overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 22px 24px 20px; margin-top: 18px; }
.card > header { display: flex; justify-content: space-between; gap: 12px; align-items: baseline; margin-bottom: 6px; }
.arrow, .aside, .facts { color: var(--soft); }
.aside { font-size: 0.87rem; }
.facts { margin-bottom: 8px; overflow-wrap: anywhere; }
.more { margin-top: 14px; }
summary { cursor: pointer; }
.names { padding-left: 20px; overflow-wrap: anywhere; }
.unusual { list-style: none; padding: 0; }
.unusual li { display: grid; grid-template-columns: 180px 1fr; gap: 4px 14px; align-items: baseline; padding: 9px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.unusual li:first-child { border-top: 0; }
.unusual .badge { justify-self: start; }
.pools { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 18px; margin-top: 18px; }
.pools .card { margin-top: 0; }
.troubles { list-style: none; padding: 0; margin-bottom: 12px; }
.troubles li { margin-top: 6px; }
.troubles .badge { margin-right: 4px; }
.capacity { margin: 10px 0 14px; }
.capacity p { display: flex; justify-content: space-between; gap: 12px; margin-top: 6px; color: var(--soft); }
.capacity p b { color: var(--ink); }
.bar-track { position: relative; height: 12px; border-radius: 6px; background: var(--quiet); overflow: hidden; }
.bar-track i { display: block; height: 100%; background: var(--accent); }
.bar-track i.high { background: repeating-linear-gradient(135deg, var(--warning) 0 6px, transparent 6px 9px), var(--warning-soft); }
.bar-track b { position: absolute; inset: 0 25% 0 auto; border-right: 2px solid var(--soft); }
.rows div { display: grid; grid-template-columns: 120px 1fr; gap: 12px; padding: 5px 0; }
.rows dt { color: var(--soft); }
.rows dd { overflow-wrap: anywhere; }
.failure { border: 1px solid var(--line); border-radius: 8px; padding: 0 16px; margin-top: 10px; }
.failure summary { padding: 12px 0; display: flex; gap: 6px 12px; flex-wrap: wrap; align-items: baseline; }
.failure summary .what { flex: 1 1 300px; overflow-wrap: anywhere; }
.failure summary .when { color: var(--soft); font-size: 0.87rem; }
.failure .rows { border-top: 1px solid var(--line); padding-top: 8px; }
.failure code { white-space: pre-wrap; }
pre { background: var(--quiet); border-radius: 6px; padding: 12px 14px; margin-bottom: 16px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  .page { padding: 14px 14px 40px; }
  .banner { padding: 20px 18px; gap: 14px; }
  .banner > .icon { width: 32px; height: 32px; }
  .reasons li { grid-template-columns: 1fr auto; }
  .reasons li > div { grid-column: 1 / -1; grid-row: 2; }
  .figures { grid-template-columns: 1fr 1fr; }
  .figures div:nth-child(3) { padding-left: 0; border-left: 0; }
  .figures div:nth-child(n + 3) { border-top: 1px solid var(--line); }
  .card { padding: 18px 16px; border-radius: 10px; }
  .unusual li { grid-template-columns: 1fr; }
  .rows div { grid-template-columns: 96px 1fr; }
}
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --quiet: #f2f2f2; --accent: #1f5fae; }
  html { font-size: 11px; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .page { max-width: none; padding: 0; }
  nav, .skip, .scripted .filter.js, .filter.js { display: none !important; }
  th button::after { content: none !important; }
  .card, .failure, .banner, .chart, tr { break-inside: avoid; }
  .job { break-inside: auto; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;

/** The style sheet. */
export const styles: string = palette + base + parts + chartStyles + tableStyles;
