// A lock is on a tree, and for every user of the machine.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { type LockFolders, tryLock } from "../../src/hosts/lock.ts";
import { describeHolder } from "../../src/hosts/lock_note.ts";
import { lockTree } from "../../src/zfs/names/lock_tree.ts";
import type { DatasetName, Guid } from "../../src/zfs/names/names.ts";

/** Runs a test with two folders that every user can write, as `/run/lock` and `/dev/shm` are. */
async function withCommon(work: (places: LockFolders, folders: readonly string[]) => Promise<void>): Promise<void> {
  const root = Deno.makeTempDirSync({ prefix: "bzman-test-" });
  Deno.chmodSync(root, 0o755);
  try {
    const folders = ["one", "two"].map((name) => `${root}/${name}`);
    for (const folder of folders) {
      Deno.mkdirSync(folder);
      Deno.chmodSync(folder, 0o1777);
    }
    await work({ common: folders, preferred: `${root}/state/locks`, fallback: `${root}/spare` }, folders);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

const table: readonly (readonly [first: string, second: string, meet: boolean])[] = [
  ["17/home", "17/home", true],
  ["17", "17/home", true],
  ["17/home", "17", true],
  ["17/home", "17/home/a/b", true],
  ["17/home/a/b", "17/home", true],
  ["17/home", "17/homer", false],
  ["17/home/a", "17/home/b", false],
  ["17", "171", false],
  ["17/home", "18/home", false],
];

Deno.test("trees that overlap exclude each other, whichever came first, and siblings do not", async () => {
  for (const [first, second, meet] of table) {
    await withCommon(async (places) => {
      const held = await tryLock(places, first, "first", 0);
      ok(held.kind === "held" && held.lock.forAllUsers);
      const other = await tryLock(places, second, "second", 1);
      equal(other.kind, meet ? "busy" : "held", `${first} and ${second}`);
      if (other.kind === "busy") match(describeHolder(other.by), /^held by process \d+ \(first\) since 1970/);
      if (other.kind === "held") other.lock.release();
      held.lock.release();
      const again = await tryLock(places, second, "second", 2);
      ok(again.kind === "held");
      again.lock.release();
    });
  }
});

Deno.test("a pool by another name has the same tree", () => {
  equal(lockTree("17" as Guid, "tank" as DatasetName), "17");
  equal(lockTree("17" as Guid, "tank/a b/c" as DatasetName), lockTree("17" as Guid, "other/a b/c" as DatasetName));
});

Deno.test("a run that was kept back holds nothing of the trees above", () =>
  withCommon(async (places) => {
    const held = await tryLock(places, "17/a", "first", 0);
    equal((await tryLock(places, "17/a/b", "second", 0)).kind, "busy");
    ok(held.kind === "held");
    held.lock.release();
    const all = await tryLock(places, "17", "third", 0);
    ok(all.kind === "held");
    all.lock.release();
  }));

/** What `flock` of another user says to a file: whether it could lock it. */
async function nobodyCanLock(path: string): Promise<boolean> {
  const { success } = await new Deno.Command("flock", {
    args: ["--nonblock", "--exclusive", path, "true"],
    uid: 65534,
    stderr: "null",
  }).output();
  return success;
}

const isRoot = Deno.uid() === 0;

Deno.test({
  name: "another user's lock keeps this one back, and the other way round, in files of either",
  ignore: !isRoot,
  fn: () =>
    withCommon(async (places, folders) => {
      const held = await tryLock(places, "17/home", "ours", 0);
      ok(held.kind === "held");
      const files = folders.flatMap((folder) =>
        [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".lock")).map(({ name }) =>
          `${folder}/${name}`
        )
      );
      equal(files.length, 4);
      // Neither the tree's own file nor that of the pool, which siblings share.
      for (const path of files) equal(await nobodyCanLock(path), false, path);
      held.lock.release();
      for (const path of files) {
        ok(await nobodyCanLock(path), path);
        // From now on it is the other user's.
        Deno.chownSync(path, 65534, 65534);
      }
      const again = await tryLock(places, "17/home", "ours", 1);
      ok(again.kind === "held" && again.lock.forAllUsers);
      for (const path of files) equal(await nobodyCanLock(path), false, path);
      again.lock.release();
      const theirs = new Deno.Command("flock", {
        args: ["--exclusive", files[0]!, "sh", "-c", "echo; exec sleep 60"],
        uid: 65534,
        stdout: "piped",
      }).spawn();
      const reader = theirs.stdout.getReader();
      await reader.read();
      equal((await tryLock(places, "17/home", "ours", 2)).kind, "busy");
      await new Deno.Command("pkill", { args: ["-KILL", "-P", String(theirs.pid)] }).output();
      await reader.cancel();
      await theirs.status;
      const last = await tryLock(places, "17/home", "ours", 3);
      ok(last.kind === "held");
      last.lock.release();
    }),
});

Deno.test("what somebody else put in the place of a lock file is neither followed, waited for nor written", () =>
  withCommon(async (places, folders) => {
    const held = await tryLock(places, "17", "ours", 0);
    ok(held.kind === "held");
    held.lock.release();
    const victim = `${folders[0]}/victim`;
    Deno.writeTextFileSync(victim, "precious");
    for (const how of ["symlink", "pipe", "hard link", "folder"]) {
      for (const folder of folders) {
        for (const { name } of [...Deno.readDirSync(folder)].filter(({ name }) => name.startsWith("bzman-"))) {
          const path = `${folder}/${name}`;
          Deno.removeSync(path, { recursive: true });
          if (how === "symlink") Deno.symlinkSync(victim, path);
          else if (how === "hard link") Deno.copyFileSync(victim, `${path}.x`), Deno.linkSync(`${path}.x`, path);
          else if (how === "folder") Deno.mkdirSync(path);
          else await new Deno.Command("mkfifo", { args: [path] }).output();
        }
      }
      const attempt = await tryLock(places, "17", "ours", 0);
      // The private places are left, and the run is told.
      ok(attempt.kind === "held" && !attempt.lock.forAllUsers, how);
      match(attempt.whys.join(), /no plain file of its own/);
      attempt.lock.release();
    }
    equal(Deno.readTextFileSync(victim), "precious");
  }));

Deno.test("a folder that a plain user cannot write is no hindrance where its file is there or another folder is", () =>
  withCommon(async (places, folders) => {
    const only = { ...places, common: [`${folders[0]}/missing`, folders[1]!] };
    const held = await tryLock(only, "17", "ours", 0);
    ok(held.kind === "held" && held.lock.forAllUsers);
    equal((await tryLock(places, "17/a", "theirs", 0)).kind, "busy");
    held.lock.release();
  }));

Deno.test("a note that somebody forged breaks no line", () =>
  withCommon(async (places, [folder]) => {
    const held = await tryLock(places, "17", "ours", 0);
    ok(held.kind === "held");
    const [note] = [...Deno.readDirSync(folder!)].filter(({ name }) => name.includes(".by-"));
    const job = "x\r\nBcc: a@b\u001b[2J";
    Deno.writeTextFileSync(`${folder}/${note!.name}`, JSON.stringify({ pid: 1, since: "9999", job }));
    const busy = await tryLock(places, "17", "theirs", 0);
    ok(busy.kind === "busy");
    deepEqual(describeHolder(busy.by), "held by process 1 (x??Bcc: a@b?[2J) since 9999");
    held.lock.release();
  }));
