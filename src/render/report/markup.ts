/**
 * Small things that every part of the page is made of. All text goes through `html`, which escapes it; attributes are
 * always quoted; numbers alone get into styles, and only made-up identifiers into links.
 *
 * @module
 */

import { html } from "hono/html";
import type { CheckVerdict } from "../../core/check.ts";
import type { Place, Reason } from "../../core/report/report.ts";
import { terminalLines, terminalText } from "../text/terminal_text.ts";

/** Markup that is safe to put into a page. */
export type Html = ReturnType<typeof html>;

export const nothing: Html = html``;

/** Text of one line from anywhere: what would hide in a page (control characters, turned directions) becomes visible. */
export function plain(text: string): string {
  return terminalText(text);
}

/** A number and its unit, and the parts of a length of time. */
const unitBreaks = /(?<=\d) (?=(?:[KMGTPE]?i?B(?:\/s)?|ms|s|m|h|d|min|days?|%)(?![\w%]))|(?<=\d[ \u00a0][dhm]) (?=\d)/g;

/** A sentence: as {@linkcode plain}, and no line ends between a number and its unit. */
export function prose(text: string): string {
  return plain(text).replaceAll(unitBreaks, "\u00a0");
}

/** The same for text of several lines. */
export function plainLines(text: string): string {
  return terminalLines(text).trimEnd();
}

/** A verdict or a note. */
export type Tone = CheckVerdict | Reason["verdict"];

/** The word that says what its colour says. */
export const toneWords: Readonly<Record<Tone, string>> = {
  ok: "OK",
  warning: "Warning",
  critical: "Critical",
  unknown: "Unknown",
  notice: "Note",
};

const shapes: Readonly<Record<Tone, string>> = {
  ok: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm4.8 7.6-5.6 6a1 1 0 0 1-1.4 0l-2.6-2.6 1.4-1.4 1.9 1.9 4.8-5.2Z",
  warning: "M12 2.5 1.5 21h21Zm-1 7h2v6h-2Zm0 7.5h2v2h-2Z",
  critical:
    "M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9Zm.5 5-1.4 1.4L10.6 12 7 15.6 8.4 17l3.6-3.6 3.6 3.6 1.4-1.4-3.6-3.6L17 8.4 15.6 7 12 10.6Z",
  unknown:
    "M12 1 23 12 12 23 1 12Zm-1 14v2h2v-2Zm-2.6-5h2c0-1 .7-1.7 1.6-1.7s1.6.6 1.6 1.5c0 1.3-2.6 1.6-2.6 4.2h2c0-1.8 2.7-2 2.7-4.4 0-1.9-1.6-3.3-3.7-3.3S8.4 7.8 8.4 10Z",
  notice: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1 5h2v2h-2Zm0 4h2v6h-2Z",
};

/** A verdict as a shape of its own: told apart without colour. */
export function icon(tone: Tone): Html {
  return html`
    <svg class="icon ${tone}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path fill-rule="evenodd" d="${shapes[tone]}" />
    </svg>
  `;
}

/** A verdict as shape and word. */
export function badge(tone: Tone, word: string = toneWords[tone]): Html {
  return html`<span class="badge ${tone}">${icon(tone)}${short(word)}</span>`;
}

/** A word of bzman's own, which a record that was tampered with may have made long. */
export function short(word: string): string {
  const text = plain(word);
  return text.length > 28 ? `${text.slice(0, 27)}…` : text;
}

/** The identifier of a place in the page. */
export function placeId({ part, index }: Place): string {
  return `${part}-${Math.trunc(index) + 1}`;
}

/** A length in percent, for a style. */
export function percent(part: number): string {
  return `${(Number.isFinite(part) ? Math.min(Math.max(part, 0), 1) * 100 : 0).toFixed(2)}%`;
}

/** A number of things: `1 run`, `3 runs`. */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
