import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openHistory } from "../../../src/history/open.ts";
import type { RunRecord } from "../../../src/core/record.ts";
import { sampleDataset, sampleRun, start } from "../sample_run.ts";
import { withFolder, withHistory } from "../with_history.ts";

Deno.test("a run comes back as it was written", () =>
  withHistory((history) => {
    const begun = sampleRun();
    const id = history.beginRun(begun);
    assert.equal(id, 1);
    assert.equal(history.runs()[0]?.result, "running");
    const ended: RunRecord = {
      ...begun,
      id,
      result: "partial",
      endedAt: start + 61_000,
      exitStatus: 1,
      bytes: 2n ** 60n + 1n,
      savedBytes: 3n,
      snapshots: 7,
      errorClass: "target-full",
      message: "cannot receive into tank/a on target: out of space",
      advice: "zfs list -o space -r tank",
      stderrTail: "cannot receive: out of space\n",
      phases: [{ phase: "list local", elapsedMs: 12 }, { phase: "send", elapsedMs: 60_001 }],
      datasets: [
        sampleDataset({
          dataset: "tank",
          target: "tank",
          from: "a",
          to: "b",
          toGuid: "18446744073709551615",
          toCreatedAt: start - 5,
        }),
        sampleDataset({
          dataset: "tank/a b",
          result: "failed",
          errorClass: "target-full",
          message: "out of space",
          bytes: 0n,
        }),
      ],
    };
    assert.equal(history.finishRun(ended), id);
    assert.deepEqual(history.runs({ datasets: true })[0], {
      ...ended,
      datasets: ended.datasets.map((dataset) => ({ ...dataset, runId: id, job: ended.job, startedAt: start })),
    });
    assert.deepEqual(history.errors, []);
  }));

Deno.test("a run whose beginning was not recorded is recorded at its end", () =>
  withHistory((history) => {
    assert.equal(history.finishRun(sampleRun({ result: "ok" })), 1);
    assert.equal(history.runs().length, 1);
  }));

Deno.test("runs are chosen by time, job, result and number", () =>
  withHistory((history) => {
    const results = ["ok", "failed", "partial", "refused", "locked", "interrupted", "killed"] as const;
    for (const [hour, result] of results.entries()) {
      history.finishRun(sampleRun({ result, startedAt: start + hour * 3_600_000, job: hour % 2 ? "odd" : "even" }));
    }
    const seen = (query: Parameters<typeof history.runs>[0]) => history.runs(query).map(({ result }) => result);
    assert.deepEqual(seen({}), results.toReversed());
    assert.deepEqual(seen({ limit: 2 }), ["killed", "interrupted"]);
    assert.deepEqual(seen({ since: start + 5 * 3_600_000 }), ["killed", "interrupted"]);
    assert.deepEqual(seen({ failed: true, job: "even" }), ["killed", "partial"]);
    assert.deepEqual(history.jobs().map(({ job }) => job), ["even", "odd"]);
  }));

Deno.test("the streak counts failures since the last success, and nothing else", () =>
  withHistory((history) => {
    const add = (result: RunRecord["result"]) => history.finishRun(sampleRun({ result }));
    assert.equal(history.failureStreak("tank>target"), 0);
    add("failed");
    add("ok");
    assert.equal(history.failureStreak("tank>target"), 0);
    assert.equal(history.lastSuccess("tank>target")?.id, 2);
    add("failed");
    add("locked");
    add("interrupted");
    add("partial");
    assert.equal(history.failureStreak("tank>target"), 2);
    assert.equal(history.failureStreak("other"), 0);
    assert.equal(history.lastSuccess("other"), undefined);
  }));

Deno.test("runs that meet the same holder of the lock are one record", () =>
  withHistory((history) => {
    const locked = (lockHolder: string, minute: number) => {
      // As a run does it: it begins, and then finds the lock taken.
      const begun = sampleRun({ startedAt: start + minute * 60_000 });
      history.beginRun(begun);
      return history.foldLocked({ ...begun, result: "locked", lockHolder, endedAt: start + minute * 60_000 + 50 });
    };
    const holder = sampleRun();
    history.beginRun(holder);
    assert.equal(locked("a", 1), 2);
    assert.equal(locked("a", 2), 2);
    assert.equal(locked("a", 3), 2);
    assert.equal(locked("b", 4), 3);
    history.finishRun({ ...holder, result: "ok" });
    assert.equal(locked("b", 5), 3);
    const folded = history.runs().find(({ id }) => id === 2);
    assert.equal(folded?.count, 3);
    assert.equal(folded?.startedAt, start + 60_000);
    assert.equal(folded?.endedAt, start + 180_050);
    assert.deepEqual(history.repairKilled(), []);
    assert.equal(history.runs().length, 3);
  }));

Deno.test("a job that was retired while the clock was ahead counts again when it runs", () =>
  withFolder((folder) => {
    let now = start + 86_400_000;
    using history = openHistory(`${folder}/bzman.db`, { clock: () => now });
    const begun = sampleRun({ startedAt: now - 1000 });
    history.beginRun(begun);
    history.retireJob(begun.job);
    history.finishRun({ ...begun, result: "ok", endedAt: now });
    assert.deepEqual(history.jobs(), [], "the run that was under way makes no difference");
    now = start;
    history.beginRun(sampleRun());
    assert.deepEqual(history.jobs().map(({ job }) => job), [begun.job]);
  }));

Deno.test("a prune that finds the lock taken is no run of replicate's, and parts none of those from each other", () =>
  withHistory((history) => {
    const locked = (command: "prune" | "replicate") => {
      const begun = sampleRun({ command });
      history.beginRun(begun);
      return history.foldLocked({ ...begun, result: "locked", message: "held by process 1" });
    };
    const commands = ["replicate", "prune", "replicate", "prune"] as const;
    assert.deepEqual(commands.map(locked), [1, 2, 1, 2]);
    assert.deepEqual(history.runs().map(({ command, count }) => [command, count]), [["prune", 2], ["replicate", 2]]);
  }));

Deno.test("datasets: by name, by failure, and the newest of each", () =>
  withHistory((history) => {
    const add = (minute: number, a: "ok" | "failed", b: "ok" | "failed") =>
      history.finishRun(sampleRun({
        result: "ok",
        startedAt: start + minute * 60_000,
        datasets: [
          sampleDataset({ dataset: "tank/a", result: a, to: `t${minute}` }),
          sampleDataset({ dataset: "tank/b", result: b, to: `t${minute}` }),
        ],
      }));
    add(1, "ok", "ok");
    add(2, "failed", "ok");
    history.finishRun(sampleRun({ job: "other", result: "ok", datasets: [sampleDataset({ dataset: "tank/a" })] }));
    assert.deepEqual(history.datasets({ dataset: "tank/a", job: "tank>target" }).map(({ to }) => to), ["t2", "t1"]);
    assert.deepEqual(history.datasets({ failed: true }).map(({ dataset, runId }) => `${dataset} ${runId}`), [
      "tank/a 2",
    ]);
    assert.deepEqual(history.latestDatasets("tank>target").map(({ dataset, to }) => `${dataset} ${to}`), [
      "tank/a t2",
      "tank/b t2",
    ]);
    const successes = history.latestDatasets("tank>target", { onlySuccess: true });
    assert.deepEqual(successes.map(({ dataset, to }) => `${dataset} ${to}`), ["tank/a t1", "tank/b t2"]);
  }));

Deno.test("a vanished run is repaired by its mark, a living one is left alone", () =>
  withHistory((history, path) => {
    const living = sampleRun();
    history.beginRun(living);
    {
      // Closing without finishing drops the mark, as the end of the process would.
      using gone = openHistory(path, { clock: () => start + 9_000 });
      gone.beginRun(sampleRun());
    }
    const repaired = history.repairKilled();
    assert.deepEqual(repaired.map(({ id, result, endedAt }) => ({ id, result, endedAt })), [{
      id: 2,
      result: "killed",
      endedAt: start + 9_000,
    }]);
    assert.deepEqual(history.runs().map(({ result }) => result).sort(), ["killed", "running"]);
    assert.deepEqual(history.repairKilled(), []);
    assert.deepEqual(history.repairKilled((pid, startedAt) => !(pid === 4242 && startedAt === start)).length, 1);
  }));

Deno.test("a replication that was killed waits to be told, whoever fixed its record", () =>
  withHistory((history, path) => {
    const [first, second] = [sampleRun(), sampleRun({ job: "tank>other" })];
    {
      using gone = openHistory(path, { clock: () => start });
      for (const run of [first, second, sampleRun({ command: "prune" })]) gone.beginRun(run);
    }
    {
      using reader = openHistory(path, { clock: () => start, mode: "read" });
      assert.equal(reader.repairKilled().length, 3);
    }
    const untold = () => history.unnotifiedKilledRuns().map(({ run: { job, result, uuid } }) => [job, result, uuid]);
    assert.deepEqual(untold(), [
      ["tank>target", "killed", first.uuid],
      ["tank>other", "killed", second.uuid],
    ]);
    history.markNotified(first.uuid);
    assert.deepEqual(untold(), [["tank>other", "killed", second.uuid]]);
    assert.deepEqual(history.errors, []);
  }));

Deno.test("what is older than the record is kept is forgotten", () =>
  withHistory((history) => {
    const day = 86_400_000;
    history.finishRun(
      sampleRun({ result: "ok", startedAt: start - 401 * day, datasets: [sampleDataset({ dataset: "tank/old" })] }),
    );
    history.finishRun(sampleRun({ result: "ok", startedAt: start - 399 * day, datasets: [sampleDataset()] }));
    assert.equal(history.prune(), 1);
    assert.deepEqual(history.datasets().map(({ dataset }) => dataset), ["tank/home"]);
    assert.deepEqual(history.errors, []);
  }));

Deno.test("a run killed by KILL is found by the next", () =>
  withHistory(async (history, path) => {
    const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    const program = `${path}.ts`;
    Deno.writeTextFileSync(
      program,
      `import { openHistory } from ${module("../../../src/history/open.ts")};
       import { sampleRun } from ${module("../sample_run.ts")};
       openHistory(${JSON.stringify(path)}, { clock: Date.now }).beginRun(sampleRun());
       console.log("begun");
       setInterval(() => {}, 1_000);`,
    );
    const args = ["run", "-A", "--no-config", program];
    const process = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
    const reader = process.stdout.getReader();
    await reader.read();
    assert.deepEqual(history.repairKilled(), [], "it lives");
    process.kill("SIGKILL");
    await process.status;
    await reader.cancel();
    assert.deepEqual(history.repairKilled().map(({ result }) => result), ["killed"]);
    const left = [...Deno.readDirSync(path.slice(0, path.lastIndexOf("/")))].filter(({ name }) =>
      name.includes(".run-")
    );
    assert.deepEqual(left, []);
  }));

Deno.test("a record of 100,000 runs is read quickly", () =>
  withHistory((history, path) => {
    history.finishRun(sampleRun({ result: "ok", startedAt: 1, datasets: [sampleDataset()] }));
    const db = new DatabaseSync(path);
    const columns =
      "job, command, source, target, ended_at, seen_at, result, bytes, saved_bytes, snapshots, count, pid, marked";
    db.exec(`WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
      INSERT INTO runs (id, uuid, started_at, ${columns}) SELECT i, 'u' || i, i * 600000, ${columns} FROM runs, n;
      INSERT INTO dataset_steps SELECT r.id, s.pair_id, s.result, s.kind, s.from_id, s.to_id, s.to_guid, s.to_created_at,
        s.bytes, s.saved_bytes, s.snapshots, s.elapsed_ms, s.error_class, s.message
        FROM runs r, dataset_steps s WHERE r.id > 1`);
    db.close();
    const started = performance.now();
    assert.equal(history.runs({ limit: 100, datasets: true }).length, 100);
    assert.equal(history.runs({ since: 99_000 * 600_000 }).length, 1_001);
    assert.equal(history.lastSuccess("tank>target")?.id, 100_000);
    assert.equal(history.failureStreak("tank>target"), 0);
    assert.equal(history.jobs().length, 1);
    assert.equal(history.latestDatasets("tank>target")[0]?.runId, 100_000);
    assert.equal(history.finishRun(sampleRun({ result: "ok", datasets: [sampleDataset()] })), 100_001);
    const elapsed = performance.now() - started;
    assert.ok(elapsed < 30_000, `${elapsed} ms`);
  }));
