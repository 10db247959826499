import assert from "node:assert/strict";
import type { DatasetRecord } from "../../../src/core/record.ts";
import type { History } from "../../../src/history/history.ts";
import { openHistory } from "../../../src/history/open.ts";
import { sampleDataset, sampleRun, start } from "../sample_run.ts";
import { withFolder } from "../with_history.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Runs a test with a record whose clock the test turns. */
function withClock(action: (history: History, setClock: (ms: number) => void) => void): Promise<void> {
  return withFolder((folder) => {
    let now = start;
    using history = openHistory(`${folder}/bzman.db`, { clock: () => now });
    action(history, (ms) => now = ms);
  });
}

function record(history: History, at: number, changes: Partial<DatasetRecord>): void {
  const dataset = sampleDataset({ bytes: 100n, savedBytes: 1n, snapshots: 2, elapsedMs: 30, ...changes });
  history.finishRun(sampleRun({ result: "ok", startedAt: at, endedAt: at + minute, datasets: [dataset] }));
}

Deno.test("days are the same before and after they are summed up", () =>
  withClock((history, setClock) => {
    record(history, start + hour, { toCreatedAt: start + hour });
    record(history, start + 3 * hour, { result: "failed" });
    record(history, start + 5 * hour, { toCreatedAt: start + 5 * hour });
    record(history, start + day + hour, { result: "failed" });
    record(history, start + 2 * day, { dataset: "tank/gone", target: "tank/gone", result: "vanished" });
    const expected = [
      {
        job: "tank>target",
        dataset: "tank/home",
        target: "tank/home",
        day: start,
        runs: 3,
        failures: 1,
        bytes: 300n,
        savedBytes: 3n,
        snapshots: 6,
        elapsedMs: 90,
        // Just before the third run arrived, the copy was that of the first.
        longestLagMs: 4 * hour + minute,
      },
      {
        job: "tank>target",
        dataset: "tank/home",
        target: "tank/home",
        day: start + day,
        runs: 1,
        failures: 1,
        bytes: 100n,
        savedBytes: 1n,
        snapshots: 2,
        elapsedMs: 30,
        longestLagMs: 20 * hour + minute,
      },
    ];
    assert.deepEqual(history.datasetDays(), expected);
    setClock(start + 2 * day);
    history.prune();
    assert.deepEqual(history.datasetDays(), expected);
    assert.deepEqual(history.datasetDays({ since: start + day }), expected.slice(1));
    assert.deepEqual(history.datasetDays({ until: start + day + 5 }), expected.slice(0, 1));
    assert.deepEqual(history.datasetDays({ job: "other" }), []);
    assert.deepEqual(history.datasetDays({ dataset: "tank/home", since: start }), expected);
    assert.deepEqual(history.errors, []);
  }));

Deno.test("a run that ends after its day was summed up counts all the same", () =>
  withClock((history, setClock) => {
    const long = sampleRun({ startedAt: start + 23 * hour });
    history.beginRun(long);
    record(history, start, {});
    setClock(start + day + hour);
    history.prune();
    assert.equal(history.datasetDays({ until: start + day })[0]?.runs, 1);
    history.finishRun({ ...long, result: "ok", datasets: [sampleDataset()] });
    assert.equal(history.datasetDays({ until: start + day })[0]?.runs, 2);
  }));

Deno.test("details that went well go after 31 days; sums, runs, failures and the newest success stay", () =>
  withClock((history, setClock) => {
    record(history, start, { to: "one" });
    record(history, start + hour, { result: "failed" });
    record(history, start + 2 * hour, { dataset: "tank/gone", target: "tank/gone", result: "vanished" });
    record(history, start + 3 * hour, { dataset: "tank/gone", target: "tank/gone", result: "vanished" });
    record(history, start + 4 * hour, { to: "two" });
    const days = history.datasetDays();
    setClock(start + 32 * day);
    for (let n = 0; n < 3; n += 1) history.prune();
    assert.deepEqual(history.datasets().map(({ runId, result }) => `${runId} ${result}`), [
      "5 ok",
      "4 vanished",
      "2 failed",
    ]);
    assert.equal(history.runs().length, 5);
    assert.deepEqual(history.datasetDays(), days);
    assert.equal(history.latestDatasets("tank>target", { onlySuccess: true })[0]?.to, "two");
  }));

Deno.test("many days are caught up with step by step, and read rightly all the while", () =>
  withClock((history, setClock) => {
    for (let n = 0; n < 20; n += 1) record(history, start + n * day, {});
    setClock(start + 20 * day);
    for (let n = 0; n < 6; n += 1) {
      assert.equal(history.datasetDays().length, 20);
      history.prune();
    }
    assert.equal(history.datasetDays({ until: start + 20 * day }).length, 20);
  }));

Deno.test("a dataset's failures in a row, and the datasets of the last run alone", () =>
  withClock((history) => {
    const both = (at: number, a: DatasetRecord["result"], b: DatasetRecord["result"]) =>
      history.finishRun(sampleRun({
        result: "ok",
        startedAt: start + at,
        datasets: [
          sampleDataset({ dataset: "tank/a", target: "tank/a", result: a }),
          sampleDataset({ dataset: "tank/b", target: "tank/b", result: b }),
        ],
      }));
    both(1, "ok", "failed");
    both(2, "failed", "failed");
    both(3, "refused", "ok");
    record(history, start + 4, { dataset: "tank/a", target: "tank/a", result: "skipped" });
    history.finishRun(sampleRun({ result: "refused", startedAt: start + 5 }));
    assert.deepEqual([...history.datasetStreaks("tank>target")], [["tank/a", 3]]);
    assert.deepEqual(history.latestDatasets("tank>target").map(({ dataset, result }) => `${dataset} ${result}`), [
      "tank/a skipped",
    ]);
    assert.deepEqual(history.failureStreak("tank>target"), 1);
  }));

Deno.test("what went into each dataset since a time, and for how long", () =>
  withClock((history) => {
    const sent = (at: number, bytes: bigint, elapsedMs: number) =>
      record(history, start + at, { dataset: "tank/a", target: "tank/a", bytes, elapsedMs });
    sent(1, 7n, 70);
    sent(2, 5n, 10);
    sent(3, 2n ** 61n, 20);
    assert.deepEqual([...history.datasetFlow("tank>target", start + 2)], [
      ["tank/a", { bytes: 2n ** 61n + 5n, elapsedMs: 30 }],
    ]);
  }));
