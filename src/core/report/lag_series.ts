/**
 * How the lag of a job went up and down: the age of the oldest copy among its datasets.
 *
 * @module
 */

import type { DatasetEntry } from "./input.ts";
import type { LagPoint } from "./report.ts";

/** A run as the lag sees it. */
export interface LagRun {
  readonly id: number;
  readonly startedAt: number;
  readonly endedAt?: number;
}

/**
 * The saw-tooth of the worst lag: before and after each run, and now.
 *
 * @param runs The oldest first.
 * @param entries What they did to datasets.
 * @returns Points by time; empty while no dataset ever arrived.
 */
export function lagSeries(runs: readonly LagRun[], entries: readonly DatasetEntry[], now: number): LagPoint[] {
  const byRun = Map.groupBy(entries, ({ runId }) => runId);
  const newest = new Map<string, number>();
  const points: LagPoint[] = [];
  const lagAt = (at: number): LagPoint | undefined => {
    if (newest.size === 0) return undefined;
    let oldest = Infinity;
    for (const created of newest.values()) oldest = Math.min(oldest, created);
    return { at, lagMs: Math.max(0, at - oldest) };
  };
  const add = (point: LagPoint | undefined): void => {
    if (point !== undefined) points.push(point);
  };
  for (const run of runs) {
    const at = run.endedAt ?? run.startedAt;
    add(lagAt(at));
    for (const entry of byRun.get(run.id) ?? []) note(newest, entry);
    add(lagAt(at));
  }
  add(lagAt(now));
  return points;
}

function note(newest: Map<string, number>, { target, result, toCreatedAt }: DatasetEntry): void {
  if (result === "vanished") newest.delete(target);
  else if (toCreatedAt !== undefined && toCreatedAt > (newest.get(target) ?? -Infinity)) {
    newest.set(target, toCreatedAt);
  }
}

/**
 * Fewer points for a chart that is only so wide: of each stretch the highest and the last stay.
 *
 * @param most The number of stretches.
 */
export function thinOut(points: readonly LagPoint[], most: number): LagPoint[] {
  if (points.length <= 2 * most) return [...points];
  const first = points[0]?.at ?? 0;
  const width = ((points.at(-1)?.at ?? 0) - first) / most || 1;
  const stretches = Map.groupBy(points, ({ at }) => Math.min(most - 1, Math.floor((at - first) / width)));
  return [...stretches.values()].flatMap((stretch) => {
    const last = stretch.at(-1);
    const highest = stretch.reduce((worst, point) => point.lagMs > worst.lagMs ? point : worst);
    return last === undefined || last === highest ? [highest] : [highest, last];
  });
}
