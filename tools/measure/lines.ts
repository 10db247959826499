/**
 * What was measured, as lines of a table.
 *
 * @module
 */

/** One thing that was measured. */
export interface Line {
  readonly what: string;
  /** What bzman took. */
  readonly bzman: number;
  /** What it is compared with: a raw pipe, a listing, an empty program. */
  readonly base: number | undefined;
  /** What syncoid took. */
  readonly syncoid?: number;
  readonly unit: string;
  /** The most that bzman may take: times the base where there is one. */
  readonly most: number | undefined;
}

/** What counts: bzman's share of the base, or its own number where there is none. */
function figure({ bzman, base }: Line): number {
  return base === undefined ? bzman : bzman / base;
}

/** The lines over their budget. */
export function missed(lines: readonly Line[]): Line[] {
  return lines.filter((line) => line.most !== undefined && figure(line) > line.most);
}

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/** A table of plain text. */
export function table(lines: readonly Line[]): string[] {
  const number = (value: number | undefined, unit: string): string =>
    value === undefined ? "-" : `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ${unit}`;
  const rows = lines.map((line) => [
    line.what,
    number(line.base, line.unit),
    number(line.bzman, line.unit),
    number(line.syncoid, line.unit),
    line.base === undefined ? "-" : `${figure(line).toFixed(2)} ×`,
    line.most === undefined
      ? "-"
      : line.base === undefined
      ? number(line.most, line.unit)
      : `${line.most.toFixed(2)} ×`,
    line.most === undefined ? "" : figure(line) > line.most ? "OVER" : "ok",
  ]);
  const all = [["MEASURED", "BASE", "BZMAN", "SYNCOID", "RATIO", "BUDGET", ""], ...rows];
  const widths = all[0]?.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0))) ?? [];
  return all.map((row) =>
    row.map((cell, i) => i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)).join("  ").trimEnd()
  );
}
