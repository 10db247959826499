/**
 * The styles of the mail, each written into its element: many mail programs know no other.
 *
 * @module
 */

import type { Tone } from "../markup.ts";

const font = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const mono = "Consolas, Menlo, 'DejaVu Sans Mono', monospace";

/** Colours of verdicts, for text and for the ground it stands on. */
export const tones: Readonly<Record<Tone, readonly [text: string, ground: string]>> = {
  ok: ["#1c6b40", "#e4f2e9"],
  warning: ["#855000", "#fcf0d7"],
  critical: ["#ab1f1f", "#fce8e6"],
  unknown: ["#4d5560", "#e9ebee"],
  notice: ["#1f5fae", "#e6eef8"],
};

export const styles = {
  body: "margin:0;padding:0;background-color:#f5f6f4;",
  paper:
    `width:100%;max-width:640px;font-family:${font};font-size:15px;line-height:1.5;color:#191c1f;word-break:break-word;overflow-wrap:anywhere;`,
  card: "background-color:#ffffff;border:1px solid #e1e4e3;border-radius:10px;padding:20px 23px;",
  gap: "height:14px;line-height:14px;font-size:1px;",
  h1: "margin:0;font-size:24px;line-height:1.25;font-weight:600;",
  h2: "margin:0 0 4px;font-size:17px;line-height:1.3;font-weight:600;",
  h3: "margin:18px 0 4px;font-size:14px;line-height:1.4;font-weight:600;",
  p: "margin:4px 0 0;",
  soft: "margin:2px 0 0;font-size:13px;color:#565d66;",
  table: "border-collapse:collapse;width:100%;font-size:14px;",
  th:
    "padding:6px 8px 6px 0;border-bottom:1px solid #c9cecc;font-size:13px;font-weight:600;color:#565d66;text-align:left;",
  thNumber:
    "padding:6px 0 6px 12px;border-bottom:1px solid #c9cecc;font-size:13px;font-weight:600;color:#565d66;text-align:right;",
  td: "padding:7px 10px 7px 0;vertical-align:top;text-align:left;word-break:break-word;",
  tdNumber: "padding:7px 0 7px 12px;vertical-align:top;text-align:right;white-space:nowrap;",
  near: "padding-bottom:2px;",
  below: "padding:0 0 8px;vertical-align:top;text-align:left;word-break:break-word;",
  rule: "border-bottom:1px solid #e1e4e3;",
  name: `font-family:${mono};font-size:13px;`,
  small: "font-size:12px;color:#565d66;",
  why: "font-size:12px;color:#ab1f1f;",
  figure: "font-size:21px;line-height:1.3;font-weight:600;",
  image: "display:block;width:100%;max-width:592px;height:auto;border:0;",
  pre:
    `margin:6px 0 0;padding:10px 12px;background-color:#eef0ee;border-radius:6px;font-family:${mono};font-size:12px;line-height:1.5;white-space:pre-wrap;word-break:break-word;`,
} as const;
