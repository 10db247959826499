import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { migrate, migrations, schemaVersion, versionOf } from "../../../src/history/migrations/migrate.ts";
import { openHistory } from "../../../src/history/open.ts";
import { start } from "../sample_run.ts";
import { withFolder } from "../with_history.ts";

Deno.test("every earlier version comes to the present one with its runs", () =>
  withFolder((folder) => {
    for (let version = 1; version < schemaVersion; version += 1) {
      const path = `${folder}/${version}.db`;
      const db = new DatabaseSync(path);
      migrate(db, migrations.slice(0, version));
      assert.equal(versionOf(db), version);
      db.exec(`INSERT INTO runs (uuid, job, command, source, target, started_at, seen_at, result, bytes, saved_bytes,
        snapshots, pid) VALUES ('u', 'j', 'replicate', 's', 't', 1, 1, 'ok', 5, 0, 0, 1)`);
      db.close();
      using history = openHistory(path, { clock: () => start });
      assert.deepEqual(history.errors, []);
      assert.equal(history.runs()[0]?.bytes, 5n);
    }
  }));

Deno.test("a migration that fails leaves everything as it was", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, ["CREATE TABLE a (x)"]);
  assert.throws(() => migrate(db, ["CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE TABLE nonsense"]));
  assert.equal(versionOf(db), 1);
  assert.deepEqual(db.prepare("SELECT name FROM sqlite_master").all().map((row) => row["name"]), ["a"]);
  db.close();
});
