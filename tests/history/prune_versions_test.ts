// The names of versions: they go with the last detail that refers to them.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openHistory } from "../../src/history/open.ts";
import { sampleDataset, sampleRun, start } from "./sample_run.ts";
import { withFolder } from "./with_history.ts";

const hour = 3_600_000;

Deno.test("of a quarter of hourly runs, the names of a month stay, and every failure's", () =>
  withFolder((folder) => {
    const path = `${folder}/bzman.db`;
    let now = start;
    const runs = 90 * 24;
    using history = openHistory(path, { clock: () => now });
    for (let n = 0; n < runs; n += 1) {
      now = start + n * hour;
      const [from, to] = [`incremental-${n}`, `incremental-${n + 1}`];
      const result = n === 5 ? "failed" : "ok";
      const datasets = ["tank/a", "tank/b"].map((dataset) =>
        sampleDataset({ dataset, target: dataset, from, to, toCreatedAt: now, result })
      );
      history.finishRun(
        sampleRun({ result: n === 5 ? "failed" : "ok", startedAt: now, endedAt: now + 60_000, datasets }),
      );
      history.prune();
    }
    assert.deepEqual(history.errors, []);
    const db = new DatabaseSync(path);
    const names = db.prepare("SELECT name FROM versions ORDER BY id").all().map(({ name }) => String(name));
    db.exec("PRAGMA foreign_key_check");
    assert.deepEqual(db.prepare("PRAGMA foreign_key_check").all(), []);
    db.close();
    assert.deepEqual(names.slice(0, 2), ["incremental-5", "incremental-6"]);
    // A month, one day until it is looked again, and what thinning leaves for the next time.
    assert.ok(names.length > 31 * 24 && names.length < 34 * 24, `${names.length}`);
    assert.equal(names.at(-1), `incremental-${runs}`);
    assert.equal(history.datasets({ since: now, limit: 1 })[0]?.to, `incremental-${runs}`);
    assert.equal(history.datasets({ failed: true })[0]?.from, "incremental-5");
    // What is referred to still cannot go.
    history.finishRun(sampleRun({ result: "ok", startedAt: now, datasets: [sampleDataset({ to: "incremental-7" })] }));
    assert.equal(history.datasets({ limit: 1 })[0]?.to, "incremental-7");
  }));
