import { deepEqual, equal } from "node:assert/strict";
import { lagSeries, thinOut } from "../../../src/core/report/lag_series.ts";
import { runBars } from "../../../src/core/report/run_bars.ts";
import { median, quantile } from "../../../src/core/report/statistics.ts";
import { entryAgo, minuteMs, now, runAgo } from "./sample_input.ts";

const inMinutes = (points: readonly { at: number; lagMs: number }[]) =>
  points.map(({ at, lagMs }) => [(now - at) / minuteMs, lagMs / minuteMs]);

Deno.test("the lag is a saw-tooth of the oldest copy", () => {
  const runs = [30, 20, 10].map((minutes) => ({ id: 1_000_000 - minutes, startedAt: now - minutes * minuteMs }));
  const b = { dataset: "tank/b", target: "tank/b" };
  const entries = [entryAgo(30), entryAgo(30, b), entryAgo(20), entryAgo(10), entryAgo(10, b)];
  deepEqual(inMinutes(lagSeries(runs, entries, now)), [[30, 0], [20, 10], [20, 10], [10, 20], [10, 0], [0, 10]]);
  deepEqual(lagSeries(runs, [], now), []);
});

Deno.test("a dataset that is gone lags no more", () => {
  const runs = [20, 10].map((minutes) => ({ id: 1_000_000 - minutes, startedAt: now - minutes * minuteMs }));
  const entries = [entryAgo(20), entryAgo(10, { result: "vanished" })];
  deepEqual(inMinutes(lagSeries(runs, entries, now)), [[20, 0], [10, 10]]);
});

Deno.test("thinning out keeps the peaks and the end", () => {
  const points = Array.from({ length: 1000 }, (_, at) => ({ at, lagMs: at === 377 ? 99 : at % 10 }));
  const thin = thinOut(points, 50);
  equal(thin.length <= 100, true);
  equal(thin.some(({ lagMs }) => lagMs === 99), true);
  equal(thin.at(-1)?.at, 999);
  deepEqual(thinOut(points.slice(0, 5), 50), points.slice(0, 5));
});

Deno.test("runs become bars; too many share one", () => {
  const few = [20, 10].map((minutes) => runAgo(minutes, minutes === 10 ? { result: "failed", count: 2 } : {}));
  deepEqual(runBars(few, now - 30 * minuteMs, now).map(({ runs, failed }) => [runs, failed]), [[1, 0], [2, 2]]);
  const many = Array.from({ length: 1000 }, (_, index) => runAgo(1000 - index));
  const bars = runBars(many, now - 1000 * minuteMs, now);
  equal(bars.length <= 144, true);
  equal(bars.reduce((sum, { runs }) => sum + runs, 0), 1000);
  deepEqual(runBars([runAgo(5, { result: "running" }), runAgo(4, { result: "locked" })], now - minuteMs, now), []);
});

Deno.test("quantiles", () => {
  equal(median([3, 1, 2]), 2);
  equal(median([4, 1, 3, 2]), 2.5);
  equal(quantile([10, 20, 30], 0), 10);
  equal(quantile([10, 20, 30], 1), 30);
  equal(Number.isNaN(median([])), true);
});
