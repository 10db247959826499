import assert from "node:assert/strict";
import fc from "fast-check";
import { forecast } from "../../../src/core/capacity/forecast.ts";
import { theilSen } from "../../../src/core/capacity/theil_sen.ts";
import type { PoolSample } from "../../../src/core/pool_sample.ts";

const day = 86_400_000;
const hour = 3_600_000;
const now = Date.UTC(2026, 10, 22);
const gib = 2 ** 30;

/** Samples of the last days, one every so many hours, of a pool of 1000 GiB. */
function samples(days: number, everyHours: number, usedGib: (age: number) => number): PoolSample[] {
  const list: PoolSample[] = [];
  for (let at = now - days * day; at <= now; at += everyHours * hour) {
    const used = BigInt(Math.round(usedGib((now - at) / day) * gib));
    const availableBytes = BigInt(1000 * gib) - used;
    list.push({ at, host: "a", pool: "tank", poolGuid: "1", state: "ONLINE", usedBytes: used, availableBytes });
  }
  return list;
}

const near = (actual: number | undefined, expected: number, part = 0.02) =>
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= Math.abs(expected) * part,
    `${actual} for ${expected}`,
  );

Deno.test("a straight line is found exactly, in any order, and its limits close on it", () => {
  fc.assert(fc.property(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.integer({ min: 3, max: 40 }),
    (slope, count) => {
      const points = Array.from({ length: count }, (_, x) => ({ x, y: slope * x + 7 })).reverse();
      const fit = theilSen(points);
      for (const value of [fit?.slope, fit?.low, fit?.high]) {
        assert.ok(Math.abs((value ?? NaN) - slope) <= 1e-6 * Math.max(1, Math.abs(slope)));
      }
    },
  ));
});

Deno.test("the limits hold the slope, and the median lies between them", () => {
  fc.assert(fc.property(fc.array(fc.record({ x: fc.integer(), y: fc.integer() }), { maxLength: 30 }), (points) => {
    const fit = theilSen(points);
    if (fit === undefined) return;
    assert.ok(fit.low <= fit.slope && fit.slope <= fit.high);
  }));
  assert.equal(theilSen([]), undefined);
  assert.equal(theilSen([{ x: 1, y: 1 }, { x: 1, y: 5 }]), undefined);
});

Deno.test("a fifth of the points may lie anywhere", () => {
  const points = Array.from({ length: 50 }, (_, x) => ({ x, y: x % 5 === 0 ? 1e9 : 3 * x }));
  near(theilSen(points)?.slope, 3, 0.01);
});

Deno.test("10 GiB a day into a pool of 1000 GiB: three quarters in 25 days, full in 50", () => {
  const result = forecast(samples(14, 1, (age) => 500 - 10 * age), now);
  near(result?.growthBytesPerDay, 10 * gib);
  near(result?.untilThreeQuarters?.days, 25);
  near(result?.untilFull?.days, 50);
  near(result?.untilFull?.earliestDays, 50);
  near(result?.untilFull?.latestDays, 50);
  near(result?.seenDays, 14);
});

Deno.test("noise widens the interval around the known answer", () => {
  const noise = (age: number) => 8 * Math.sin(age * 7.3) + 5 * Math.cos(age * 31.7);
  const result = forecast(samples(30, 2, (age) => 500 - 5 * age + noise(age)), now);
  near(result?.growthBytesPerDay, 5 * gib, 0.1);
  const full = result?.untilFull;
  assert.ok(full && full.earliestDays < 100 && (full.latestDays ?? Infinity) > 100, JSON.stringify(full));
  assert.ok(full.earliestDays < full.days && full.days < (full.latestDays ?? Infinity));
});

Deno.test("a restore of one day does not bend the trend", () => {
  const steps = (age: number) => 300 - 2 * age + (age > 3 && age < 4 ? 200 : 0);
  near(forecast(samples(30, 1, steps), now)?.growthBytesPerDay, 2 * gib, 0.05);
});

Deno.test("retention's saw-tooth is no growth", () => {
  const result = forecast(samples(28, 1, (age) => 400 + 10 * ((28 - age) % 1)), now);
  assert.ok(Math.abs(result?.growthBytesPerDay ?? NaN) < 0.2 * gib);
});

Deno.test("a pool that shrinks or stays never gets full", () => {
  for (const change of [0, 3]) {
    const result = forecast(samples(10, 1, (age) => 500 + change * age), now);
    assert.equal(result?.untilFull, undefined);
    assert.equal(result?.untilThreeQuarters, undefined);
    near(result?.growthBytesPerDay, -change * gib);
  }
});

Deno.test("what has come to pass already is now", () => {
  const result = forecast(samples(10, 1, (age) => 900 - age), now);
  assert.equal(result?.untilThreeQuarters?.days, 0);
  near(result?.untilFull?.days, 100);
});

Deno.test("too few samples say nothing", () => {
  assert.equal(forecast([], now), undefined);
  assert.equal(forecast(samples(0.5, 1, (age) => 500 - age), now), undefined);
  assert.equal(forecast(samples(4, 24, (age) => 500 - age), now), undefined);
});

Deno.test("another pool of the same name, what is too old, and samples without space do not count", () => {
  const old = samples(20, 1, () => 900).map((sample) => ({ ...sample, poolGuid: "2" }));
  const silent: PoolSample = { at: now, host: "a", pool: "tank", state: "silent" };
  near(forecast([...old, ...samples(10, 1, (age) => 500 - 10 * age), silent], now)?.growthBytesPerDay, 10 * gib);
  const long = samples(100, 4, (age) => age > 30 ? 0 : 500 - 10 * age);
  near(forecast(long, now)?.growthBytesPerDay, 10 * gib);
});

Deno.test("many samples take no time", () => {
  const many = samples(30, 0.1, (age) => 500 - 10 * age);
  const started = performance.now();
  forecast(many, now);
  assert.ok(performance.now() - started < 20_000);
});
