/**
 * The one place where values change between JavaScript and SQLite. `node:sqlite` binds what it does not know as NULL or
 * not at all, and integers are read as bigint, since byte counts exceed 2^53.
 *
 * @module
 */

/** What a column holds. */
export type Column = string | number | bigint | null | Uint8Array;

/** A row as it is read. */
export type Row = Readonly<Record<string, Column>>;

const largest = (1n << 63n) - 1n;

/**
 * A time as a column.
 *
 * @param ms Milliseconds since 1970.
 * @throws {RangeError} When it is no whole number of milliseconds that a date can have.
 */
export function timeColumn(ms: number): number {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) throw new RangeError(`${ms} is not a time`);
  return Math.trunc(ms);
}

/** A time that may be missing. */
export function optionalTimeColumn(ms: number | undefined): number | null {
  return ms === undefined ? null : timeColumn(ms);
}

/** A text that may be missing. */
export function optionalColumn<T extends string | number>(value: T | undefined): T | null {
  return value ?? null;
}

/** A byte count as a column: SQLite's integers end at 2^63. */
export function bytesColumn(count: bigint): bigint {
  return count > largest ? largest : count < 0n ? 0n : count;
}

/** A duration or count as a column. */
export function wholeColumn(value: number): number {
  return Number.isFinite(value) ? Math.trunc(value) : 0;
}

/** Reads a text column. */
export function readText(row: Row, name: string): string {
  const value = row[name];
  return value === null || value === undefined ? "" : String(value);
}

/** Reads an integer column as bigint. */
export function readBigInt(row: Row, name: string): bigint {
  const value = row[name];
  return typeof value === "bigint" ? value : BigInt(Number(value ?? 0));
}

/** Reads an integer column whose values stay below 2^53. */
export function readNumber(row: Row, name: string): number {
  return Number(row[name] ?? 0);
}

/**
 * Only the columns that are not NULL, under the names of an interface's optional properties.
 *
 * @param names Property name → column name, with `"number"` for integers.
 */
export function readOptional(
  row: Row,
  names: Readonly<Record<string, readonly [column: string, type: "text" | "number"]>>,
): Record<string, string | number> {
  const result: Record<string, string | number> = {};
  for (const [property, [column, type]] of Object.entries(names)) {
    const value = row[column];
    if (value === null || value === undefined) continue;
    result[property] = type === "number" ? Number(value) : String(value);
  }
  return result;
}
