/**
 * A line through points by the method of Theil and Sen: the median of the slopes between all pairs. A few odd days (a
 * restore, a big deletion) do not bend it, as they would bend least squares.
 *
 * @module
 */

/** A point of a series. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How steeply a series rises, and between what limits that is known. */
export interface Slope {
  /** The median of all slopes. */
  readonly slope: number;
  /** The limits between which the true slope lies, with a certainty of 95 % for points that err independently. */
  readonly low: number;
  readonly high: number;
}

/** The quantile of the normal distribution for 95 %, two-sided. */
const z = 1.96;

/**
 * Fits the slope.
 *
 * @param points In any order; the work grows with their square, so a few hundred at most.
 * @returns `undefined` when no two of them differ in `x`.
 */
export function theilSen(points: readonly Point[]): Slope | undefined {
  const slopes: number[] = [];
  for (const [i, a] of points.entries()) {
    for (const b of points.slice(i + 1)) if (a.x !== b.x) slopes.push((b.y - a.y) / (b.x - a.x));
  }
  if (slopes.length === 0) return undefined;
  slopes.sort((a, b) => a - b);
  // Kendall's test, read backwards: so many slopes from the middle the limits lie (Sen 1968).
  const n = points.length;
  const spread = z * Math.sqrt(n * (n - 1) * (2 * n + 5) / 18);
  const last = slopes.length - 1;
  const at = (index: number) => slopes[Math.min(last, Math.max(0, index))] ?? 0;
  return {
    slope: (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2,
    low: at(Math.floor((slopes.length - spread) / 2) - 1),
    high: at(Math.ceil((slopes.length + spread) / 2)),
  };
}
