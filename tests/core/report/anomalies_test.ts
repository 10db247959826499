import { deepEqual, equal } from "node:assert/strict";
import { isFarAbove, jobAnomalies, poolAnomalies } from "../../../src/core/report/anomalies.ts";
import type { DatasetDay, JobInput } from "../../../src/core/report/input.ts";
import type { PoolSample } from "../../../src/core/pool_sample.ts";
import { dayMs, entryAgo, mib, minuteMs, now, runAgo, sampleJob, words } from "./sample_input.ts";

const period = { since: now - dayMs, now, format: words };
const midnight = Math.floor(now / dayMs) * dayMs;

/** So many days before the period with the same bytes each. */
function days(count: number, bytes: bigint, dataset = "tank/home"): DatasetDay[] {
  return Array.from({ length: count }, (_, index) => ({
    dataset,
    target: dataset,
    day: midnight - (index + 3) * dayMs,
    runs: 144,
    failures: 0,
    bytes,
  }));
}

/** Runs of ten minutes before the period, of so many MiB and so many seconds of sending. */
function before(count: number, size: bigint, seconds = 1) {
  return Array.from(
    { length: count },
    (_, index) =>
      runAgo(1500 + (count - index) * 10, {
        bytes: size * mib,
        phases: [{ phase: "send", elapsedMs: seconds * 1000 }],
      }),
  );
}

const within = (...sizes: readonly bigint[]) =>
  sizes.map((size, index) => runAgo(40 - index, { bytes: size * mib, phases: [{ phase: "send", elapsedMs: 10_000 }] }));

const { from: _, ...firstCopy } = runAgo(5, { bytes: 9000n * mib });

const table: readonly (readonly [what: string, changes: Partial<JobInput>, found: readonly string[]])[] = [
  ["nothing is known of before", {}, []],
  ["the same as ever", { days: days(10, 24576n), runs: [...before(50, 1n), ...within(1n)] }, []],
  ["a run far above all others", { runs: [...before(50, 10n), ...within(10n, 1000n)] }, [
    "delta notice tank>target: the run of 03-31T05:25 sent 1000 MiB, 100 times the usual 10 MiB",
  ]],
  ["one that comes every night is none", { runs: [...before(400, 10n), ...before(3, 1000n), ...within(1000n)] }, []],
  ["a first copy is none", { runs: [...before(50, 10n), firstCopy] }, []],
  ["too short a history", { runs: [...before(20, 10n), ...within(1000n)] }, []],
  ["one dataset far above its days", {
    days: days(10, 10n * mib),
    entries: [entryAgo(4, { bytes: 900n * mib })],
    latest: [entryAgo(4), entryAgo(4, { dataset: "tank/b", target: "tank/b" })],
  }, ["delta notice tank/home: sent 900 MiB, 90 times the usual 10 MiB a day"]],
  ["most datasets at once are told as the job", {
    runs: [...before(50, 10n), ...within(1000n)],
    days: days(10, 10n * mib),
    entries: [entryAgo(4, { bytes: 900n * mib })],
  }, ["delta notice tank>target: the run of 03-31T05:24 sent 1000 MiB, 100 times the usual 10 MiB"]],
  ["a lively dataset falls silent", { days: days(10, 500n * mib), entries: [entryAgo(4, { bytes: 0n })] }, [
    "emptied warning tank/home: changed by 500 MiB a day, and now by 0 MiB: is it empty, or no longer used?",
  ]],
  ["silent because it fails is another matter", {
    days: days(10, 500n * mib),
    entries: [entryAgo(4, { bytes: 0n, result: "failed" })],
  }, []],
  ["one that rests often may rest", {
    days: [...days(6, 500n * mib), ...days(4, 0n)],
    entries: [entryAgo(4, { bytes: 0n })],
  }, []],
  ["a dataset is gone", { latest: [entryAgo(4, { result: "vanished" })] }, [
    "emptied warning tank/home: is no longer on the source; its copy stays on the target",
  ]],
  ["gone for long is no news", { entries: [], latest: [entryAgo(4, { result: "vanished" })] }, []],
  ["a rate that fell", { runs: [...before(20, 100n, 1), ...before(20, 100n, 2), ...within(100n, 100n, 100n)] }, [
    "rate notice tank>target: sends 10 MiB/s, and sent 50 MiB/s before: look at the link and at both pools",
  ]],
  ["small transfers measure no rate", { runs: [...before(40, 1n, 2), ...within(1n, 1n, 1n)] }, []],
];

Deno.test("anomalies of a job", async (test) => {
  for (const [what, changes, found] of table) {
    await test.step(what, () => {
      const anomalies = jobAnomalies(sampleJob(changes), period);
      deepEqual(anomalies.map(({ kind, verdict, subject, text }) => `${kind} ${verdict} ${subject}: ${text}`), found);
    });
  }
});

Deno.test("far above means above the usual and above the rare", () => {
  const size = 1024 ** 2;
  equal(isFarAbove(63 * size, [1, 1, 1]), false);
  equal(isFarAbove(400 * size, Array(50).fill(100 * size)), false);
  equal(isFarAbove(401 * size, Array(50).fill(100 * size)), true);
  equal(isFarAbove(401 * size, [...Array(45).fill(100 * size), ...Array(5).fill(300 * size)]), false);
});

Deno.test("a pool that lost most of what it held", () => {
  const sample = (minutes: number, used: bigint): PoolSample => ({
    at: now - minutes * minuteMs,
    host: "alpha",
    pool: "tank",
    state: "ONLINE",
    usedBytes: used * mib,
    availableBytes: 1n,
  });
  const texts = (...samples: readonly PoolSample[]) =>
    poolAnomalies(samples, period).map(({ subject, text }) => `${subject}: ${text}`);
  deepEqual(texts(sample(1500, 1000n), sample(5, 100n)), [
    "alpha:tank: held 1000 MiB, and now 100 MiB: was something destroyed?",
  ]);
  deepEqual(texts(sample(1500, 1000n), sample(5, 600n)), []);
  deepEqual(texts(sample(1500, 100n), sample(5, 50n)), []);
  deepEqual(texts(), []);
});
