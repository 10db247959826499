import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { isBadPath, isUnreadable, openHistory } from "../../../src/history/open.ts";
import { type DatabaseErrorKind, databaseErrorKind } from "../../../src/history/database/database_errors.ts";
import { sampleDataset, sampleRun, start } from "../sample_run.ts";
import { withFolder } from "../with_history.ts";

const clock = (): number => start;

/** Kinds of trouble, for short. */
function kinds(history: ReturnType<typeof openHistory>): string[] {
  return history.errors.map(({ kind }) => kind);
}

/** A record with a few runs at a path. */
function fill(path: string, runs = 1): void {
  using history = openHistory(path, { clock });
  for (let run = 0; run < runs; run += 1) history.finishRun(sampleRun({ result: "ok", datasets: [sampleDataset()] }));
}

Deno.test("at its own place a file that is no database is set aside, and a new one begun", () =>
  withFolder((folder) => {
    const path = `${folder}/bzman.db`;
    Deno.writeTextFileSync(path, "no database at all\n".repeat(500));
    using history = openHistory(path, { clock, isOwnPlace: true });
    assert.equal(history.finishRun(sampleRun({ result: "ok" })), 1);
    assert.deepEqual(kinds(history), ["damaged"]);
    assert.match(
      history.errors[0]?.message ?? "",
      /set aside as \S+\/bzman\.db\.damaged-20250301T000000Z, and a new one begun$/,
    );
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.ok(names.includes("bzman.db.damaged-20250301T000000Z"), names.join());
    using again = openHistory(path, { clock, isOwnPlace: true });
    assert.deepEqual(again.errors, []);
    assert.equal(again.runs().length, 1);
  }));

Deno.test("damage deep inside is found when it is met, and the run is recorded all the same", () =>
  withFolder((folder) => {
    const path = `${folder}/bzman.db`;
    fill(path, 300);
    const size = Deno.statSync(path).size;
    {
      using file = Deno.openSync(path, { write: true });
      file.seekSync(4096, Deno.SeekMode.Start);
      for (let at = 4096; at < size; at += 4096) file.writeSync(new Uint8Array(4096).fill(0xa5));
    }
    using history = openHistory(path, { clock });
    const id = history.finishRun(sampleRun({ result: "ok", datasets: [sampleDataset()] }));
    assert.equal(id, 1);
    assert.deepEqual(kinds(history), ["damaged"]);
  }));

Deno.test("a file cut short is set aside too", () =>
  withFolder((folder) => {
    const path = `${folder}/bzman.db`;
    fill(path, 300);
    Deno.truncateSync(path, 5_000);
    using history = openHistory(path, { clock });
    assert.equal(history.finishRun(sampleRun({ result: "ok" })), 1);
    assert.deepEqual(kinds(history), ["damaged"]);
  }));

Deno.test(
  "at its own place several runs that meet the damage at once set it aside once, and all are recorded",
  () =>
    withFolder(async (folder) => {
      const path = `${folder}/bzman.db`;
      Deno.writeTextFileSync(path, "no database at all\n".repeat(500));
      const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
      const program = `${folder}/run.ts`;
      Deno.writeTextFileSync(
        program,
        `import { openHistory } from ${module("../../../src/history/open.ts")};
       import { sampleRun } from ${module("../sample_run.ts")};
       using history = openHistory(${JSON.stringify(path)}, { clock: Date.now, isOwnPlace: true });
       Deno.exitCode = history.finishRun(sampleRun({ result: "ok" })) > 0 ? 0 : 1;
       if (Deno.exitCode) console.error(history.troubles);`,
      );
      const args = ["run", "-A", "--no-config", program];
      const processes = Array.from(
        { length: 4 },
        () => new Deno.Command(Deno.execPath(), { args, stdout: "null" }).spawn(),
      );
      const ends = await Promise.all(processes.map((process) => process.status));
      assert.deepEqual(ends.map(({ code }) => code), [0, 0, 0, 0]);
      using history = openHistory(path, { clock });
      assert.equal(history.runs().length, 4);
      assert.deepEqual(history.errors, []);
      const aside = [...Deno.readDirSync(folder)].filter(({ name }) => /damaged-[^-]*$/.test(name));
      assert.equal(aside.length, 1);
    }),
);

Deno.test("reading sets nothing aside", () =>
  withFolder((folder) => {
    const path = `${folder}/bzman.db`;
    Deno.writeTextFileSync(path, "no database at all\n".repeat(500));
    using history = openHistory(path, { clock, mode: "read", isOwnPlace: true });
    assert.deepEqual(history.runs(), []);
    assert.deepEqual(kinds(history), ["damaged"]);
    assert.deepEqual([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("reading where nothing is recorded makes nothing", () =>
  withFolder((folder) => {
    using history = openHistory(`${folder}/state/bzman.db`, { clock, mode: "read" });
    assert.deepEqual(history.runs(), []);
    assert.deepEqual(kinds(history), ["absent"]);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("the record of a later bzman is not touched", () =>
  withFolder((folder) => {
    const path = `${folder}/bzman.db`;
    fill(path);
    const later = new DatabaseSync(path);
    later.exec("PRAGMA user_version = 999");
    later.close();
    const before = Deno.readFileSync(path);
    for (const mode of ["write", "read"] as const) {
      using history = openHistory(path, { clock, mode });
      assert.equal(history.finishRun(sampleRun({ result: "ok" })), 0);
      assert.deepEqual(kinds(history), ["newer"]);
      assert.equal(isBadPath(history), false);
    }
    assert.deepEqual(Deno.readFileSync(path), before);
  }));

Deno.test("a place that cannot be is told apart, and stands in no one's way", () =>
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    for (const path of [`${folder}/file/bzman.db`, "/proc/bzman/bzman.db", folder]) {
      using history = openHistory(path, { clock });
      assert.equal(isBadPath(history), true, path);
      assert.equal(isUnreadable(history), true, path);
      assert.equal(history.beginRun(sampleRun()), 0);
      assert.equal(history.finishRun(sampleRun({ result: "ok" })), 0);
      assert.deepEqual(history.runs(), []);
      assert.deepEqual(history.jobs(), []);
      assert.equal(history.failureStreak("a"), 0);
      assert.equal(history.prune(), 0);
      assert.equal(history.errors.length, 1);
      assert.doesNotMatch(history.errors[0]?.message ?? "", /\n/);
    }
  }));

const errors: [error: object, kind: DatabaseErrorKind][] = [
  [{ code: "EIO", message: "Input/output error (os error 5): open '/x/bzman.db'" }, "failing"],
  [{ code: "ESTALE", message: "Stale file handle (os error 116)" }, "failing"],
  [{ code: "EROFS", message: "Read-only file system (os error 30)" }, "read-only"],
  [{ code: "EDQUOT", message: "Disk quota exceeded (os error 122)" }, "full"],
  [{ code: "EACCES", message: "Permission denied (os error 13): open '/srv/quota/read-only/bzman.db'" }, "unusable"],
  [{ code: "ENOTDIR", message: "Not a directory (os error 20)" }, "unusable"],
  [{ code: "ERR_SQLITE_ERROR", errcode: 10, message: "disk I/O error" }, "failing"],
  [{ code: "ERR_SQLITE_ERROR", errcode: 10 | (6 << 8), message: "disk I/O error" }, "failing"],
  [{ code: "ERR_SQLITE_ERROR", message: "disk I/O error" }, "failing"],
  [{ code: "ERR_SQLITE_ERROR", message: "unable to open database file: /readonly/x" }, "unusable"],
  [{ code: "ERR_SQLITE_ERROR", errcode: 14, message: "unable to open database file" }, "unusable"],
  [{ code: "ERR_SQLITE_ERROR", message: "attempt to write a readonly database" }, "read-only"],
  [{ code: "ERR_SQLITE_ERROR", message: "database or disk is full" }, "full"],
];

for (const [error, kind] of errors) {
  Deno.test(`${JSON.stringify(error)} is trouble of the kind ${kind}`, () =>
    assert.equal(databaseErrorKind(Object.assign(new Error(), error)), kind));
}

Deno.test("a link to a disk that is not mounted is trouble that may pass", () =>
  withFolder((folder) => {
    Deno.symlinkSync("/nowhere/at/all", `${folder}/disk`);
    using history = openHistory(`${folder}/disk/bzman.db`, { clock });
    assert.deepEqual(kinds(history), ["failing"]);
    assert.equal(isBadPath(history), false);
  }));

Deno.test("a disk that is full or read-only is no bad place, whether the record was there before or not", () =>
  withFolder(async (disk) => {
    const mount = (...args: string[]) =>
      new Deno.Command("mount", { args, stderr: "null" }).output().then(({ success }) => success, () => false);
    // Only root can make a small file system.
    if (!await mount("-t", "tmpfs", "-o", "size=256k,nr_inodes=6", "tmpfs", disk)) return;
    try {
      fill(`${disk}/there.db`);
      Deno.mkdirSync(`${disk}/folder`);
      const look = (): string[] =>
        ["there.db", "new.db", "folder/new.db", "far/away/new.db"].map((name) => {
          using history = openHistory(`${disk}/${name}`, { clock });
          assert.equal(isBadPath(history), false, name);
          return `${name} ${kinds(history)}`;
        });
      for (let count = 0;; count += 1) {
        try {
          Deno.writeTextFileSync(`${disk}/filler${count}`, "");
        } catch {
          break;
        }
      }
      assert.deepEqual(look().slice(1), ["new.db full", "folder/new.db full", "far/away/new.db full"]);
      assert.ok(await mount("-o", "remount,ro", disk));
      assert.deepEqual(look().slice(1), ["new.db read-only", "folder/new.db read-only", "far/away/new.db read-only"]);
    } finally {
      await new Deno.Command("umount", { args: ["-l", disk] }).output();
    }
  }));

/** Another process that holds the write lock until it is told to end. */
async function holdLock(path: string): Promise<{ end(): Promise<void> }> {
  const program = `
    import { DatabaseSync } from "node:sqlite";
    const db = new DatabaseSync(Deno.args[0]);
    db.exec("BEGIN IMMEDIATE");
    console.log("held");
    await Deno.stdin.read(new Uint8Array(1));
    db.exec("ROLLBACK");
    db.close();`;
  // From a file, since standard input tells it to end.
  const file = Deno.makeTempFileSync({ suffix: ".ts" });
  Deno.writeTextFileSync(file, program);
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", file, path],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = process.stdout.getReader();
  await reader.read();
  return {
    async end(): Promise<void> {
      await process.stdin.close();
      await process.status;
      await reader.cancel();
      Deno.removeSync(file);
    },
  };
}

Deno.test("a locked record costs one long wait, and what matters is recorded once it is free", () =>
  withFolder(async (folder) => {
    const path = `${folder}/bzman.db`;
    fill(path);
    const holder = await holdLock(path);
    using history = openHistory(path, { clock, busyMs: 3_000 });
    const run = sampleRun();
    const started = performance.now();
    assert.equal(history.beginRun(run), 0);
    const first = performance.now() - started;
    for (let step = 0; step < 4; step += 1) {
      assert.equal(history.runs().length, 1, "reading goes on");
      history.updateRun(run);
    }
    const rest = performance.now() - started - first;
    // Four more long waits would be twelve seconds.
    assert.ok(first > 2_700 && rest < 9_000, `${first} ${rest}`);
    assert.deepEqual(kinds(history), ["locked"]);
    await holder.end();
    assert.equal(history.finishRun({ ...run, result: "ok" }), 2);
    assert.deepEqual(history.runs().map(({ result }) => result), ["ok", "ok"]);
  }));

Deno.test("a record that was free in between is waited for the full time again", () =>
  withFolder((folder) => {
    const path = `${folder}/bzman.db`;
    fill(path);
    using history = openHistory(path, { clock, busyMs: 1_000 });
    const other = new DatabaseSync(path);
    const run = sampleRun();
    const waits = [1, 2].map(() => {
      other.exec("BEGIN IMMEDIATE");
      const started = performance.now();
      history.updateRun(run);
      const waited = performance.now() - started;
      other.exec("ROLLBACK");
      history.updateRun(run);
      return waited;
    });
    other.close();
    assert.ok(waits.every((ms) => ms > 900), waits.join());
    assert.equal(history.runs().length, 2);
  }));

Deno.test("a full disk is told, and stands in no one's way", async () => {
  const mountpoint = Deno.makeTempDirSync({ prefix: "bzman-test-" });
  const mount = new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", "size=256k", "tmpfs", mountpoint],
    stderr: "null",
  });
  // Only root can make a small file system; elsewhere the kernel's always-full device stands in for it.
  const isMounted = await mount.output().then(({ success }) => success, () => false);
  try {
    using history = openHistory(isMounted ? `${mountpoint}/bzman.db` : "/dev/full", { clock });
    const datasets = Array.from(
      { length: 500 },
      (_, number) => sampleDataset({ dataset: `tank/${"x".repeat(100)}${number}` }),
    );
    for (let run = 0; run < 20; run += 1) history.finishRun(sampleRun({ result: "ok", datasets }));
    assert.equal(history.errors.length, 1);
    if (isMounted) assert.deepEqual(kinds(history), ["full"]);
    assert.match(history.errors[0]?.advice ?? "", /--db/);
  } finally {
    if (isMounted) await new Deno.Command("umount", { args: ["-l", mountpoint] }).output();
    Deno.removeSync(mountpoint, { recursive: true });
  }
});

Deno.test("others cannot read the record", () =>
  withFolder((folder) => {
    fill(`${folder}/state/bzman.db`);
    assert.equal((Deno.statSync(`${folder}/state`).mode ?? 0) & 0o777, 0o700);
    assert.equal((Deno.statSync(`${folder}/state/bzman.db`).mode ?? 0) & 0o077, 0);
  }));
