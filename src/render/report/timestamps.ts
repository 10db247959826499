/**
 * Moments as labels of charts and as words, in UTC.
 *
 * @module
 */

/** `22 Nov 2026, 21:00 UTC`. */
export function timestampText(ms: number): string {
  return `${dayText(ms)} ${new Date(ms).getUTCFullYear()}, ${clockText(ms)} UTC`;
}

/** `22 Nov 21:00`, where the page says that all times are in UTC. */
export function minuteText(ms: number): string {
  return `${dayText(ms)} ${clockText(ms)}`;
}

/** `21:00`. */
export function clockText(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

/** `22 Nov`. */
export function dayText(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}

/** The shortest that is still clear for a moment of a period: a time of day, or a day. */
export function shortText(ms: number, periodMs: number): string {
  return periodMs <= 36 * 3_600_000 ? clockText(ms) : dayText(ms);
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 4320, 10_080, 20_160, 43_200].map((
  minutes,
) => minutes * 60_000);

/** Round moments within a period, at most so many. */
export function roundTimes(since: number, until: number, most: number): number[] {
  const step = steps.find((ms) => (until - since) / ms <= most) ?? (until - since) / most;
  const first = Math.ceil(since / step) * step;
  return Array.from(
    { length: Math.max(0, Math.floor((until - first) / step) + 1) },
    (_, index) => first + index * step,
  );
}
