/**
 * Comma-separated values, for a spreadsheet that does not run what a dataset's name says.
 *
 * @module
 */

import { terminalText } from "./terminal_text.ts";

/** Spreadsheets take text that begins so for a formula, some also in the wide forms of these characters. */
const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/**
 * A row, with its line end.
 *
 * @param fields Text is made harmless; numbers stay as they are; `undefined` is an empty field.
 */
export function csvRow(fields: readonly (string | number | bigint | undefined)[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}

function csvField(value: string | number | bigint | undefined): string {
  if (value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const text = terminalText(formula.test(value) ? `'${value}` : value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
