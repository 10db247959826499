/**
 * Durations as people read them.
 *
 * @module
 */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * A duration in its two largest units: `0.4 s`, `42 s`, `3 m 20 s`, `2 h 05 m`, `3 d 4 h`.
 *
 * @param ms Milliseconds.
 */
export function durationText(ms: number): string {
  if (!Number.isFinite(ms)) return "?";
  if (ms < 0) return `-${durationText(-ms)}`;
  if (ms < 9_950) return `${(ms / second).toFixed(1)} s`;
  if (ms < minute - 500) return `${Math.round(ms / second)} s`;
  if (ms < hour - 500) {
    const seconds = Math.round(ms / second);
    return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  }
  if (ms < day - minute / 2) {
    const minutes = Math.round(ms / minute);
    return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
  }
  const hours = Math.round(ms / hour);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
