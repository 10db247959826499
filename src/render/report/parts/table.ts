/**
 * A table whose columns can be sorted, and whose rows become cards on a phone.
 *
 * @module
 */

import { html } from "hono/html";
import { type Html, nothing, plain } from "../markup.ts";

export interface PageColumn {
  readonly title: string;
  /** Aligned to the right, and sorted by value. */
  readonly isNumber?: boolean;
}

/** A cell: what it shows, and what it is sorted by. */
export interface Cell {
  readonly shown: Html | string;
  readonly sort?: string | number;
}

export interface PageRow {
  readonly cells: readonly Cell[];
  /** Whether the filter for failures keeps it. */
  readonly troubled?: boolean;
  /** Whether it is one and all: the first cell is its name. */
  readonly id?: string;
}

/** How the table behaves. */
export interface TableOptions {
  /** Names it for those who do not see it. */
  readonly caption: string;
  readonly sortable?: boolean;
  /** Shows a button that keeps the troubled rows alone, and in long tables a field to find one. */
  readonly filter?: boolean;
}

export function pageTable(columns: readonly PageColumn[], rows: readonly PageRow[], options: TableOptions): Html {
  const troubled = rows.filter((row) => row.troubled).length;
  return html`<div class="table">
${options.filter ? filterBar(rows.length, troubled) : nothing}
<table role="table"${
    options.sortable
      ? html`
        data-sortable
      `
      : nothing
  }>
<caption class="hidden">${options.caption}</caption>
<thead role="rowgroup"><tr role="row">${
    columns.map(({ title, isNumber }) =>
      html`<th role="columnheader" scope="col" class="${isNumber ? "n" : ""}">${
        options.sortable ? html`<button type="button">${title}</button>` : title
      }</th>`
    )
  }</tr></thead>
<tbody role="rowgroup">${
    rows.map((row) =>
      html`
        <tr role="row" ${row.troubled
          ? html`
            data-troubled
          `
          : nothing}>${row.cells.map((cell, index) => {
            const column = columns[index];
            const sort = cell.sort === undefined ? nothing : html`
              data-sort="${plain(String(cell.sort))}"
            `;
            return index === 0
              ? html`
                <th role="rowheader" scope="row" ${sort}>${typeof cell.shown === "string"
                  ? plain(cell.shown)
                  : cell.shown}</th>
              `
              : html`
                <td role="cell" class="${column?.isNumber ? "n" : ""}" data-label="${column?.title ??
                  ""}" ${sort}>${typeof cell.shown === "string" ? plain(cell.shown) : cell.shown}</td>
              `;
          })}</tr>
      `
    )
  }</tbody>
</table>
</div>`;
}

function filterBar(rows: number, troubled: number): Html {
  if (rows < 2 || (troubled === 0 && rows < 12)) return nothing;
  const find = rows < 12
    ? nothing
    : html`<label>Find <input type="search" data-find autocomplete="off" spellcheck="false"></label>`;
  return html`<div class="filter js">
<button type="button" data-filter aria-pressed="false">Only failures (${troubled})</button>
${find}<span role="status" data-shown></span></div>`;
}
