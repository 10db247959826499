/**
 * The few statistics that tell the unusual from the usual. Robust ones: a history always holds some odd days.
 *
 * @module
 */

/**
 * The value below which a part of all values lies.
 *
 * @param part 0 to 1; 0.5 is the median.
 * @returns `NaN` for no values.
 */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(Math.max(part, 0), 1) * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** The value in the middle; `NaN` for none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The sum of byte counts. */
export function sumBytes(counts: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const count of counts) sum += count;
  return sum;
}
