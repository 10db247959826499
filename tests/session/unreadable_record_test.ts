// A record that cannot be read, or not all of it, is no record of nothing.

import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { run } from "../../src/cli/run.ts";
import { migrate, migrations } from "../../src/history/migrations/migrate.ts";
import { openHistory } from "../../src/history/open.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { sampleDataset, sampleRun, start } from "../history/sample_run.ts";
import { withFolder } from "../history/with_history.ts";

const commands = ["log", "log --dataset", "report", "metrics", "status"];

/** What each command says of a record: its exit status, its error class, what it advises. */
async function ask(path: string): Promise<(readonly [number, string, string])[]> {
  const answers = [];
  for (const line of commands) {
    const context = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => start + 120_000 };
    const status = await run([...line.split(" "), `--db=${path}`, "--json"], context);
    const { error } = JSON.parse(context.stdout.text) as { error?: { errorClass: string; next: string } };
    answers.push([status, error?.errorClass ?? "", error?.next ?? ""] as const);
  }
  return answers;
}

Deno.test("a file that is no record is no place for one, and they leave it where it is", () =>
  withFolder(async (folder) => {
    const path = `${folder}/bzman.db`;
    await Deno.writeTextFile(path, "no database ".repeat(1000));
    const answers = await ask(path);
    deepEqual(answers.map(([status, what]) => `${status} ${what}`), [
      ...Array.from({ length: 4 }, () => "2 record-place"),
      "3 record-place",
    ]);
    for (const [, , next] of answers) {
      match(next, /^name a record of bzman's with --db, or a file that is not there yet$/);
    }
    deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["bzman.db"]);
  }));

Deno.test("a record that cannot be opened at all fails whoever reads it, and says what becomes of it", () =>
  withFolder(async (folder) => {
    const path = `${folder}/bzman.db`;
    openHistory(path, { clock: () => start }).close();
    Deno.truncateSync(path, 5_000);
    const answers = await ask(path);
    deepEqual(answers.map(([status]) => status), [1, 1, 1, 1, 3]);
    for (const [, , next] of answers) {
      match(next, /the next run that writes, such as bzman replicate, sets it aside/);
    }
    deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["bzman.db"]);
  }));

Deno.test("a record of an earlier bzman is not brought up to date by whoever only reads", () =>
  withFolder(async (folder) => {
    const path = `${folder}/bzman.db`;
    const db = new DatabaseSync(path);
    migrate(db, migrations.slice(0, 3));
    db.close();
    const before = Deno.readFileSync(path);
    const answers = await ask(path);
    deepEqual(answers.map(([status, what]) => `${status} ${what}`), [
      ...Array.from({ length: 4 }, () => "1 record-unreadable"),
      "3 no-job",
    ]);
    for (const [, , next] of answers) match(next, /run a command that writes, such as bzman replicate/);
    deepEqual(Deno.readFileSync(path).subarray(100), before.subarray(100));
    equal(versionAt(path), 3);
  }));

function versionAt(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true });
  const { user_version: version } = db.prepare("PRAGMA user_version").get() ?? {};
  db.close();
  return Number(version);
}

Deno.test("a record of which a part is damaged is not told as one without that part", () =>
  withFolder(async (folder) => {
    const path = `${folder}/bzman.db`;
    {
      using history = openHistory(path, { clock: () => start });
      const datasets = [sampleDataset({ toCreatedAt: start })];
      history.finishRun(sampleRun({ result: "ok", endedAt: start + 1000, datasets }));
    }
    deepEqual((await ask(path)).map(([status]) => status), [0, 0, 0, 0, 0]);
    damage(path, "dataset_steps");
    const answers = await ask(path);
    deepEqual(answers.map(([status, what]) => [status, what]).slice(1), [
      ...Array.from({ length: 3 }, () => [1, "record-unreadable"]),
      [3, "record-unreadable"],
    ]);
    const page = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => start };
    equal(await run(["report", `--db=${path}`, `--output=${folder}/report.html`], page), 1);
    doesNotMatch([...Deno.readDirSync(folder)].map(({ name }) => name).join(), /html/);
  }));

/** Overwrites the first page of a table. */
function damage(path: string, table: string): void {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const { rootpage } = db.prepare("SELECT rootpage FROM sqlite_master WHERE name = ?").get(table) as {
    rootpage: number;
  };
  const { page_size: size } = db.prepare("PRAGMA page_size").get() as { page_size: number };
  db.close();
  using file = Deno.openSync(path, { write: true });
  file.seekSync((rootpage - 1) * size, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(size).fill(0xff));
}
