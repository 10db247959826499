/**
 * Points in time as people read them.
 *
 * @module
 */

/**
 * A time in UTC to the second: `2025-03-01 12:00:05Z`. UTC, like the names of the snapshots, so that the two can be
 * compared at a glance and no hour comes twice.
 *
 * @param ms Milliseconds since 1970.
 */
export function timeText(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return "?";
  return date.toISOString().replace("T", " ").replace(/\.\d+Z$/, "Z");
}
