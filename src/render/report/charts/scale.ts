/**
 * Round numbers for the axis of a chart.
 *
 * @module
 */

/** Steps that durations are read in, in milliseconds. */
const durationSteps = [
  100,
  200,
  500,
  1e3,
  2e3,
  5e3,
  1e4,
  2e4,
  3e4,
  6e4,
  12e4,
  3e5,
  6e5,
  12e5,
  18e5,
  36e5,
  72e5,
  108e5,
  216e5,
  432e5,
  864e5,
  1728e5,
  6048e5,
];

/** An axis from 0. */
export interface Axis {
  readonly top: number;
  /** Where lines are drawn, 0 not among them. */
  readonly ticks: readonly number[];
}

/** An axis of durations that reaches a value, with two to four lines. */
export function durationAxis(most: number): Axis {
  const step = durationSteps.find((ms) => most / ms <= 3.5) ?? most / 3;
  return axis(most, step);
}

/** An axis of byte counts: steps are powers of two. */
export function bytesAxis(most: number): Axis {
  let step = 1;
  while (most / step > 3.5) step *= 2;
  return axis(most, step);
}

function axis(most: number, step: number): Axis {
  const lines = Math.max(1, Math.ceil(most / step - 0.15));
  const ticks = Array.from({ length: lines }, (_, index) => (index + 1) * step);
  return { top: Math.max(most, lines * step) * 1.02 || 1, ticks };
}
