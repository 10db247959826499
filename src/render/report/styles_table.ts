/**
 * How tables look, on paper, on a desk and on a phone.
 *
 * @module
 */

/** Rules for tables. */
export const tableStyles = `
.table { margin-top: 12px; }
table { width: 100%; border-collapse: collapse; font-size: 0.93rem; }
th, td { text-align: left; vertical-align: baseline; padding: 8px 14px 8px 0; border-top: 1px solid var(--line); font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-top: 0; color: var(--soft); font-size: 0.87rem; white-space: nowrap; padding-top: 4px; }
.n { text-align: right; white-space: nowrap; }
tbody th { overflow-wrap: anywhere; min-width: 150px; }
th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
th button:hover, th[aria-sort] button { color: var(--ink); text-decoration: underline; text-underline-offset: 4px; }
th button::after { content: "↕"; display: inline-block; width: 1.1em; margin-left: 0.2em; text-align: center; opacity: 0.75; }
th[aria-sort="ascending"] button::after { content: "↑"; opacity: 1; }
th[aria-sort="descending"] button::after { content: "↓"; opacity: 1; }
html:not(.scripted) th button::after { content: ""; }
small { display: block; font-weight: 400; font-size: 0.84rem; color: var(--soft); overflow-wrap: anywhere; }
small.why { color: var(--critical); margin-top: 2px; }
.versions { font-size: 0.8rem; overflow-wrap: anywhere; }
@media (min-width: 1000px) { .versions.whole { white-space: nowrap; } }
.filter { align-items: center; gap: 10px 16px; flex-wrap: wrap; margin-bottom: 8px; font-size: 0.93rem; color: var(--soft); }
.filter button { font: inherit; padding: 4px 12px; border: 1px solid var(--soft); border-radius: 20px; background: none; color: var(--ink); cursor: pointer; }
.filter button[aria-pressed="true"] { background: var(--accent); border-color: var(--accent); color: var(--card); }
.filter button[aria-pressed="true"]::before { content: "✓ "; }
.filter input { font: inherit; padding: 4px 10px; border: 1px solid var(--soft); border-radius: 6px; background: var(--card); color: var(--ink); width: 180px; }
.meter { display: block; height: 10px; border-radius: 5px; background: var(--quiet); overflow: hidden; min-width: 60px; }
.meter i { display: block; height: 100%; background: var(--accent); }
.phases tbody th { min-width: 90px; }
.phases td:nth-child(2) { width: 60%; }
tr[hidden] { display: none !important; }
@media screen and (max-width: 640px) {
  table, tbody { display: block; }
  thead { display: none; }
  .scripted [data-sortable] thead { display: block; }
  .scripted [data-sortable] thead tr { display: flex; flex-wrap: wrap; gap: 2px 14px; }
  thead th { padding: 2px 0; }
  tbody tr { display: grid; grid-template-columns: 1fr 1fr; gap: 2px 16px; padding: 12px 0; border-top: 1px solid var(--line); }
  tbody tr:first-child { border-top: 0; }
  tbody th, tbody td { border: 0; padding: 2px 0; }
  tbody th { grid-column: 1 / -1; font-weight: 600; }
  td.n { text-align: left; }
  td[data-label]::before { content: attr(data-label) " "; color: var(--soft); margin-right: 6px; }
  .job tbody tr { display: flex; flex-wrap: wrap; gap: 2px 16px; }
  .job tbody th { flex: 1 1 60%; }
  .job td:nth-of-type(1) { flex: 0 1 auto; }
  .job td:nth-of-type(1)::after { content: none; }
  .job td:nth-of-type(1)::before, .job td:last-child::before { content: none; }
  .job td:last-child { flex: 1 1 100%; color: var(--soft); }
  .phases tbody tr { grid-template-columns: 90px 1fr 44px 64px; align-items: center; }
  .phases tbody th { grid-column: auto; min-width: 0; font-weight: 400; }
  .phases td::before { content: none !important; }
  .phases td:nth-child(2) { width: auto; }
  .phases td.n { text-align: right; }
}
`;
