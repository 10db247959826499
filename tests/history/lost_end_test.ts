// A run that ends while the record cannot be written is not taken for one that was killed.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { History } from "../../src/history/history.ts";
import { openHistory } from "../../src/history/open.ts";
import { claimLiveness, readLiveness } from "../../src/history/run_liveness.ts";
import { sampleDataset, sampleRun, start } from "./sample_run.ts";
import { withFolder } from "./with_history.ts";

/** Runs a test with an empty record that waits for nobody. */
function withRecord(action: (history: History, path: string) => void): Promise<void> {
  return withFolder((folder) => {
    const path = `${folder}/bzman.db`;
    using history = openHistory(path, { clock: () => start, busyMs: 50 });
    action(history, path);
  });
}

/** Lets another process, as far as SQLite can tell, hold the record while something is done. */
function whileHeld<T>(path: string, action: () => T): T {
  using other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  return action();
}

/** The files beside the record that tell of runs. */
function marksOf(path: string): string[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return [...Deno.readDirSync(path.slice(0, -name.length))].map((entry) => entry.name).filter((entry) =>
    entry.startsWith(`${name}.run-`)
  );
}

for (const result of ["ok", "partial", "failed", "refused", "locked", "interrupted"] as const) {
  Deno.test(`a run that ended as ${result} while the record was held is not taken for a killed one`, () =>
    withRecord((history, path) => {
      const run = sampleRun();
      {
        using ending = openHistory(path, { clock: () => start, busyMs: 50 });
        ending.beginRun(run);
        const end = { ...run, result, endedAt: start + 60_000 };
        assert.equal(whileHeld(path, () => result === "locked" ? ending.foldLocked(end) : ending.finishRun(end)), 0);
      }
      assert.deepEqual(marksOf(path), [`bzman.db.run-${run.uuid}.${result}`]);
      assert.deepEqual(whileHeld(path, () => history.repairKilled()), [], "nothing can be fixed now");
      assert.deepEqual(history.repairKilled().map((fixed) => [fixed.uuid, fixed.result]), [[run.uuid, result]]);
      const [recorded] = history.runs();
      assert.equal(recorded?.result, result);
      assert.match(recorded?.message ?? "", /^the record could not be written when it ended/);
      assert.ok(Math.abs((recorded?.endedAt ?? 0) - Date.now()) < 60_000, "when the word was left");
      assert.equal(recorded?.errorClass, undefined);
      assert.deepEqual(history.unnotifiedKilledRuns(), []);
      assert.deepEqual(marksOf(path), []);
    }));
}

Deno.test("an end that could not be recorded is recorded in whole once it can be", () =>
  withRecord((history, path) => {
    const run = sampleRun();
    history.beginRun(run);
    const end = { ...run, result: "ok", endedAt: start + 60_000, datasets: [sampleDataset()] } as const;
    whileHeld(path, () => {
      history.finishRun(end);
      assert.deepEqual([history.saveUnrecorded(), history.unrecordedJobs], [[], [run.job]]);
    });
    // Somebody else may have fixed it by then.
    using other = openHistory(path, { clock: () => start });
    assert.equal(other.repairKilled().length, 1);
    assert.deepEqual([history.saveUnrecorded(), history.unrecordedJobs], [[run.job], []]);
    const [recorded] = history.runs({ datasets: true });
    assert.deepEqual([recorded?.result, recorded?.endedAt, recorded?.message, recorded?.datasets.length], [
      "ok",
      start + 60_000,
      undefined,
      1,
    ]);
    assert.deepEqual(marksOf(path), []);
    assert.equal(history.runs().length, 1);
  }));

Deno.test("a run that was never recorded leaves no word behind", () =>
  withRecord((history, path) => {
    const run = sampleRun();
    whileHeld(path, () => {
      history.beginRun(run);
      history.finishRun({ ...run, result: "ok" });
    });
    assert.deepEqual(marksOf(path), []);
  }));

Deno.test("a run lives also for those who come to its record by a link", () =>
  withRecord((history, path) => {
    const run = sampleRun();
    history.beginRun(run);
    Deno.symlinkSync(path, `${path}.link`);
    using other = openHistory(`${path}.link`, { clock: () => start });
    assert.deepEqual(other.repairKilled(), []);
    other.beginRun(sampleRun());
    assert.deepEqual(history.repairKilled(), []);
  }));

Deno.test("a run that ends while somebody looks at its mark is not taken for a killed one", () =>
  withFolder((folder) => {
    const path = `${folder}/bzman.db`;
    const uuid = crypto.randomUUID();
    const mark = claimLiveness(path, uuid);
    const open = Deno.openSync;
    // Between its being opened and its lock being asked for.
    const after: typeof open = (...args) => {
      const file = open(...args);
      mark?.leaveResult("ok");
      return file;
    };
    try {
      Deno.openSync = after;
      assert.equal((readLiveness(path, uuid) as { ended?: string }).ended, "ok");
    } finally {
      Deno.openSync = open;
    }
  }));
