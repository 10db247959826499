// Files that are not bzman's: nothing is done with them, whoever names them.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { migrate, migrations } from "../../src/history/migrations/migrate.ts";
import { isBadPath, isForeign, isUnreadable, openHistory } from "../../src/history/open.ts";
import { fileOwner } from "../../src/history/database/record_file.ts";
import { sampleRun, start } from "./sample_run.ts";
import { withFolder } from "./with_history.ts";

const clock = (): number => start;

function database(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

/** All files of a folder with their contents. */
function stateOf(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => {
    const { mtime, mode } = Deno.statSync(`${folder}/${name}`);
    return `${name} ${mtime?.getTime()} ${mode} ${Deno.readFileSync(`${folder}/${name}`).toBase64()}`;
  }).sort();
}

const foreign: Readonly<Record<string, (path: string) => void>> = {
  "a text": (path) => Deno.writeTextFileSync(path, "UUID=1 / ext4 defaults 0 1\n"),
  "a large text": (path) => Deno.writeTextFileSync(path, "no database at all\n".repeat(500)),
  "the first bytes of a database": (path) => Deno.writeTextFileSync(path, "SQLite format 3\0"),
  "another program's database": (path) => database(path, "CREATE TABLE places (url TEXT)"),
  "one with a table called runs": (path) => database(path, "CREATE TABLE runs (x); PRAGMA user_version = 3"),
  "one of a great version": (path) => database(path, "CREATE TABLE places (url); PRAGMA user_version = 70"),
  "one that another program signed": (path) =>
    database(path, "CREATE TABLE pairs (x); CREATE TABLE dataset_steps (x); PRAGMA application_id = 5"),
  "one with a write-ahead log": (path) => database(path, "PRAGMA journal_mode = WAL; CREATE TABLE places (url TEXT)"),
  "a damaged one": (path) => {
    database(path, "CREATE TABLE places (url TEXT); CREATE TABLE others (url TEXT)");
    Deno.truncateSync(path, 5_000);
  },
};

for (const [title, make] of Object.entries(foreign)) {
  Deno.test(`${title} is no place for a record, and stays what it is`, () =>
    withFolder((folder) => {
      const path = `${folder}/bzman.db`;
      make(path);
      const before = stateOf(folder);
      assert.equal(fileOwner(path), "foreign");
      for (const mode of ["write", "read"] as const) {
        using history = openHistory(path, { clock, mode });
        assert.equal(history.finishRun(sampleRun({ result: "ok" })), 0);
        assert.deepEqual(history.runs(), []);
        assert.deepEqual(history.errors.map(({ kind }) => kind), ["foreign"]);
        assert.deepEqual([isForeign(history), isBadPath(history), isUnreadable(history)], [true, true, true]);
        assert.match(history.errors[0]?.message ?? "", /left untouched$/);
      }
      assert.deepEqual(stateOf(folder), before);
    }));
}

Deno.test("a device is no place for a record", () => assert.equal(fileOwner("/dev/null"), "foreign"));

Deno.test("a new file, an empty one and an empty database become a record that says so itself", () =>
  withFolder((folder) => {
    const places: Readonly<Record<string, (path: string) => void>> = {
      new: () => {},
      empty: (path) => Deno.writeTextFileSync(path, ""),
      tables: (path) => database(path, "PRAGMA journal_mode = WAL"),
    };
    for (const [name, make] of Object.entries(places)) {
      const path = `${folder}/${name}.db`;
      make(path);
      using history = openHistory(path, { clock });
      assert.deepEqual(history.errors, []);
      history.close();
      assert.equal(fileOwner(path), "signed");
    }
  }));

Deno.test("a record from before records were signed is signed when it is next written to", () =>
  withFolder((folder) => {
    for (let version = 1; version <= migrations.length; version += 1) {
      const path = `${folder}/${version}.db`;
      const db = new DatabaseSync(path);
      migrate(db, migrations.slice(0, version));
      db.exec("PRAGMA application_id = 0");
      db.close();
      assert.equal(fileOwner(path), "unsigned");
      using history = openHistory(path, { clock });
      assert.deepEqual(history.errors, []);
      history.close();
      assert.equal(fileOwner(path), "signed");
    }
  }));

Deno.test("a record whose maker was killed at once is one all the same", () =>
  withFolder((folder) => {
    const path = `${folder}/bzman.db`;
    using history = openHistory(path, { clock });
    history.finishRun(sampleRun({ result: "ok" }));
    // As it lies on the disk while it is open, which is all that a kill leaves.
    for (const suffix of ["", "-wal"]) Deno.copyFileSync(`${path}${suffix}`, `${folder}/killed.db${suffix}`);
    assert.notEqual(fileOwner(`${folder}/killed.db`), "foreign");
    using again = openHistory(`${folder}/killed.db`, { clock });
    assert.deepEqual(again.errors, []);
    assert.equal(again.runs().length, 1);
  }));

Deno.test("a damaged record without a signature is set aside at bzman's own place alone", () =>
  withFolder((folder) => {
    const make = (path: string): void => {
      const db = new DatabaseSync(path);
      migrate(db);
      db.exec("PRAGMA application_id = 0");
      db.close();
      Deno.truncateSync(path, 9_000);
    };
    make(`${folder}/other.db`);
    const before = stateOf(folder);
    using other = openHistory(`${folder}/other.db`, { clock });
    assert.deepEqual(other.errors.map(({ kind }) => kind), ["foreign"]);
    assert.deepEqual(stateOf(folder).map((line) => line.split(" ")[0]), before.map((line) => line.split(" ")[0]));
    make(`${folder}/bzman.db`);
    using own = openHistory(`${folder}/bzman.db`, { clock, isOwnPlace: true });
    assert.deepEqual(own.errors.map(({ kind }) => kind), ["damaged"]);
    assert.equal(own.finishRun(sampleRun({ result: "ok" })), 1);
  }));
