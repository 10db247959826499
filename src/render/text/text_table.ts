/**
 * Tables of aligned columns.
 *
 * @module
 */

import { terminalText } from "./terminal_text.ts";
import { fit, pad, textWidth } from "./text_width.ts";

export interface TableColumn {
  readonly title: string;
  /** @default {"left"} */
  readonly align?: "left" | "right";
  /** May be shortened to fit, keeping its start or its end. Without it the column is never shortened. */
  readonly shrink?: "start" | "end";
  /** Left out first when shortening is not enough; the highest number goes first. Without it the column stays. */
  readonly drop?: number;
}

/** Between two columns. */
const gap = "  ";
/** A column is not shortened below this width before one is left out. */
const narrow = 8;

/**
 * A table as lines, its title line first.
 *
 * @param width The terminal's width in cells; `undefined` (a pipe, a file) leaves every cell whole.
 */
export function textTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width?: number,
): string[] {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(terminalText));
  // Not by spreading: a year of datasets has more rows than a call takes arguments.
  const widths = columns.map((_, index) =>
    cells.reduce((widest, row) => Math.max(widest, textWidth(row[index] ?? "")), 0)
  );
  const shown = width === undefined ? columns.map((_, index) => index) : fitColumns(columns, widths, width);
  return cells.map((row) =>
    shown.map((index) => {
      const column = columns[index];
      const room = widths[index] ?? 0;
      const text = fit(row[index] ?? "", room, column?.shrink ?? "start");
      return pad(text, room, column?.align ?? "left");
    }).join(gap).trimEnd()
  );
}

/** Which columns to show; narrows `widths` in place. */
function fitColumns(columns: readonly TableColumn[], widths: number[], width: number): number[] {
  let shown = columns.map((_, index) => index);
  const excess = () =>
    shown.reduce((sum, index) => sum + (widths[index] ?? 0), 0) + gap.length * (shown.length - 1) - width;
  const droppable = () =>
    shown.filter((index) => columns[index]?.drop !== undefined)
      .sort((a, b) => (columns[b]?.drop ?? 0) - (columns[a]?.drop ?? 0))[0];
  const slack = () =>
    shown.filter((index) => columns[index]?.shrink !== undefined)
      .reduce((sum, index) => sum + Math.max(0, (widths[index] ?? 0) - narrow), 0);
  while (excess() > slack()) {
    const victim = droppable();
    if (victim === undefined) break;
    shown = shown.filter((index) => index !== victim);
  }
  shrink(columns, widths, shown, excess());
  return shown;
}

/** Takes cells from the widest columns that allow it, one at a time. */
function shrink(columns: readonly TableColumn[], widths: number[], shown: readonly number[], excess: number): void {
  for (let left = excess; left > 0; left -= 1) {
    const widest = shown
      .filter((index) => columns[index]?.shrink !== undefined && (widths[index] ?? 0) > 1)
      .sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) return;
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
}
