/**
 * Byte counts and rates as people read them, in powers of 1024.
 *
 * @module
 */

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;

/** A byte count in three significant digits: `512 B`, `1.50 GiB`. */
export function bytesText(count: bigint | number): string {
  const value = Number(count);
  if (!Number.isFinite(value)) return "?";
  const sign = value < 0 ? "-" : "";
  let rest = Math.abs(value);
  let unit = 0;
  // 999.5 would print as "1000 KiB", which is wider than any other result.
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || rest >= 99.95 ? 0 : rest >= 9.995 ? 1 : 2;
  return `${sign}${rest.toFixed(digits)} ${units[unit]}`;
}

/**
 * A rate: `112 MiB/s`, or `-` when no time passed.
 *
 * @param elapsedMs The time it took, in milliseconds.
 */
export function rateText(count: bigint | number, elapsedMs: number): string {
  if (!(elapsedMs > 0)) return "-";
  return `${bytesText(Number(count) * 1000 / elapsedMs)}/s`;
}
