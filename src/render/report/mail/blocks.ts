/**
 * What the mail is put together from.
 *
 * @module
 */

import { html } from "hono/html";
import { type Html, short, type Tone, toneWords } from "../markup.ts";
import { styles, tones } from "./style.ts";

/** Room between two cards. */
export const gap: Html = html`
  <tr>
    <td style="${styles.gap}">&nbsp;</td>
  </tr>
`;

/** A card in a row of its own, with room above. */
export function card(inside: Html): Html {
  return html`
    ${gap}<tr>
      <td bgcolor="#ffffff" style="${styles.card}">${inside}</td>
    </tr>
  `;
}

/** Signs that tell verdicts apart without colour, in every font there is. */
const signs: Readonly<Record<Tone, string>> = { ok: "✓", warning: "!", critical: "✕", unknown: "?", notice: "i" };

/** A verdict in sign, word and colour. */
export function badgeOf(tone: Tone, word: string = toneWords[tone]): Html {
  const [text, ground] = tones[tone];
  const shown = short(word);
  // On a phone a long word must be able to break.
  const whole = shown.length < 20 ? "white-space:nowrap;" : "";
  const style =
    `background-color:${ground};color:${text};font-size:12px;font-weight:600;padding:1px 7px;border-radius:9px;${whole}`;
  return html`<span style="${style}">${signs[tone]}&nbsp;${shown}</span>`;
}

/** A row of a table. */
export interface MailRow {
  readonly cells: readonly (Html | string)[];
  /** What stands below its cells, as wide as the table: on a phone a cell is narrow. */
  readonly below?: Html;
}

/**
 * A table.
 *
 * @param numbersFrom The index of the first column that is aligned to the right.
 */
export function dataTable(titles: readonly string[], rows: readonly MailRow[], numbersFrom: number): Html {
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${styles.table}">
<tr>${
    titles.map((title, index) =>
      html`<th scope="col" align="${index < numbersFrom ? "left" : "right"}" style="${
        index < numbersFrom ? styles.th : styles.thNumber
      }">${title}</th>`
    )
  }</tr>
${rows.map((row) => dataRow(row, numbersFrom))}</table>`;
}

function dataRow({ cells, below }: MailRow, numbersFrom: number): Html {
  const rule = below === undefined ? styles.rule : styles.near;
  const row = html`
    <tr>${cells.map((cell, index) =>
      html`<td align="${index < numbersFrom ? "left" : "right"}" style="${
        index < numbersFrom ? styles.td : styles.tdNumber
      }${rule}">${cell}</td>`
    )}</tr>
  `;
  return below === undefined ? row : html`
    ${row}
        <tr>
      <td colspan="${cells.length}" align="left" style="${styles.below}${styles.rule}">${below}</td>
    </tr>
  `;
}
