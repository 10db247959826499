import assert from "node:assert/strict";
import { type FileLock, type LockAttempt, type LockFolders, tryLock } from "../../src/hosts/lock.ts";
import { describeHolder } from "../../src/hosts/lock_note.ts";
import { fallbackFolder, makeFallbackFolder } from "../../src/hosts/fallback_folder.ts";

const roots: string[] = [];

Deno.test.afterEach(() => {
  for (const root of roots.splice(0)) Deno.removeSync(root, { recursive: true });
});

/** Places of its own for a test; the folders are not made yet. */
async function makePlaces(): Promise<LockFolders & { readonly preferred: string }> {
  const root = await Deno.makeTempDir({ prefix: "bzman-test-" });
  roots.push(root);
  return { common: [], preferred: `${root}/state/locks`, fallback: `${root}/spare` };
}

const now = Date.UTC(2026, 0, 2, 3, 4, 5);

Deno.test("a lock excludes others, tells who has it, and can be taken again", async () => {
  const places = await makePlaces();
  const { preferred: folder } = places;
  const lock = held(await tryLock(places, "pool 1", "tank>target", now));
  const second = await tryLock(places, "pool 1", "other", now);
  assert.ok(second.kind === "busy");
  assert.deepEqual(second.by, {
    pid: Deno.pid,
    since: "2026-01-02T03:04:05.000Z",
    job: "tank>target",
    isShared: false,
  });
  assert.equal(
    describeHolder(second.by),
    `held by process ${Deno.pid} (tank>target) since 2026-01-02T03:04:05.000Z`,
  );
  held(await tryLock(places, "pool", "tank>target", now)).release();
  lock.release();
  lock.release();
  held(await tryLock(places, "pool 1", "x", now)).release();
  assert.equal((await Deno.stat(folder)).mode! & 0o777, 0o700);
});

Deno.test("a lock ends with its process, and children do not keep it", async () => {
  const places = await makePlaces();
  const script = `
    import { tryLock } from ${JSON.stringify(new URL("../../src/hosts/lock.ts", import.meta.url).href)};
    const attempt = await tryLock(${JSON.stringify(places)}, "key", "job", 0);
    const child = new Deno.Command("sleep", { args: ["60"], stdin: "null", stdout: "null" }).spawn();
    console.log(attempt.kind, child.pid);
    await child.status;`;
  const holder = new Deno.Command(Deno.execPath(), { args: ["eval", "--no-lock", script], stdout: "piped" }).spawn();
  const reader = holder.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const [kind, child] = ((await reader.read()).value ?? "").split(" ");
  assert.equal(kind, "held");
  const attempt = await tryLock(places, "key", "me", now);
  assert.ok(attempt.kind === "busy");
  assert.equal(attempt.by.pid, holder.pid);
  holder.kill("SIGKILL");
  await holder.status;
  await reader.cancel();
  held(await tryLock(places, "key", "me", now)).release();
  Deno.kill(Number(child));
});

Deno.test("a holder that has not written its name yet is still named somehow", () => {
  assert.equal(describeHolder({ pid: undefined, since: undefined, job: undefined }), "held by another process");
});

Deno.test("where the state folder cannot be, runs meet in the spare folder", async () => {
  const { fallback, preferred } = await makePlaces();
  Deno.writeTextFileSync(preferred.replace(/\/state.*/, "/state"), "a file is in the way");
  for (const place of [preferred, undefined]) {
    const places = { common: [], preferred: place, fallback };
    const lock = held(await tryLock(places, "key", "first", now));
    const second = await tryLock(places, "key", "second", now);
    assert.equal(second.kind === "busy" && second.by.job, "first");
    held(await tryLock(places, "another key", "third", now)).release();
    lock.release();
    held(await tryLock(places, "key", "second", now)).release();
  }
  assert.equal((await Deno.stat(fallback)).mode! & 0o777, 0o700);
});

Deno.test("two runs of which only one can use the state folder meet, whichever began first", async () => {
  for (const broken of ["first", "second"]) {
    const well = await makePlaces();
    const [first, second] = ["first", "second"].map((run) => run === broken ? { ...well, preferred: undefined } : well);
    assert.ok(first && second);
    const early = held(await tryLock(first, "key", "early", now));
    const late = await tryLock(second, "key", "late", now);
    assert.equal(late.kind === "busy" && late.by.job, "early");
    early.release();
    held(await tryLock(second, "key", "late", now)).release();
  }
});

Deno.test("a run that is kept back by the spare folder does not keep the state folder's lock", async () => {
  const places = await makePlaces();
  const early = held(await tryLock({ ...places, preferred: undefined }, "key", "early", now));
  assert.equal((await tryLock(places, "key", "late", now)).kind, "busy");
  held(await tryLock({ ...places, fallback: `${places.fallback}-other` }, "key", "third", now)).release();
  early.release();
});

Deno.test("a spare folder that cannot be used does not hinder the lock in the state folder", async () => {
  const places = await makePlaces();
  Deno.writeTextFileSync(places.fallback, "a file is in the way");
  const lock = held(await tryLock(places, "key", "first", now));
  const second = await tryLock(places, "key", "second", now);
  assert.equal(second.kind === "busy" && second.by.job, "first");
  lock.release();
  held(await tryLock(places, "key", "second", now)).release();
});

Deno.test("a spare folder that somebody else could have made is not used, and the run is told so", async () => {
  const places = { ...await makePlaces(), preferred: undefined };
  const real = `${places.fallback}-real`;
  Deno.mkdirSync(real, { mode: 0o700 });
  const refuse = async (why: RegExp) => {
    const attempt = await tryLock(places, "key", "job", now);
    assert.match(attempt.kind === "impossible" ? attempt.why : attempt.kind, why);
  };
  Deno.symlinkSync(real, places.fallback);
  await refuse(/HOME is not set; .*is no folder/);
  Deno.removeSync(places.fallback);
  Deno.mkdirSync(places.fallback, { mode: 0o755 });
  await refuse(/open to other users/);
  Deno.chmodSync(places.fallback, 0o700);
  if (Deno.uid() === 0) {
    Deno.chownSync(places.fallback, 65534, 65534);
    await refuse(/belongs to another user/);
  }
  assert.deepEqual([...Deno.readDirSync(places.fallback), ...Deno.readDirSync(real)], []);
});

Deno.test("the spare folder depends on the user alone", async () => {
  assert.deepEqual([0, 1000].map(fallbackFolder), ["/run/bzman", "/tmp/bzman-state-1000"]);
  const { fallback } = await makePlaces();
  await makeFallbackFolder(fallback);
  await makeFallbackFolder(fallback);
});

Deno.test("a state folder that is full or read-only locks all the same, and its own runs meet", async () => {
  const places = await makePlaces();
  const disk = places.preferred.replace(/\/locks$/, "");
  Deno.mkdirSync(disk);
  const mount = (...args: string[]) =>
    new Deno.Command("mount", { args, stderr: "null" }).output().then(({ success }) => success, () => false);
  // Only root can make a small file system.
  if (!await mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", disk)) return;
  try {
    held(await tryLock(places, "known", "before", now)).release();
    const filler = Deno.openSync(`${disk}/filler`, { write: true, create: true });
    assert.throws(() => {
      while (true) filler.writeSync(new Uint8Array(4096));
    }, /No space/);
    filler.close();
    const check = async (...keys: string[]) => {
      for (const key of keys) {
        const lock = held(await tryLock(places, key, "first", now));
        assert.equal((await tryLock(places, key, "second", now)).kind, "busy", key);
        lock.release();
      }
    };
    await check("known", "new");
    assert.ok(await mount("-o", "remount,ro", disk));
    await check("known", "new", "newer");
  } finally {
    await new Deno.Command("umount", { args: ["-l", disk] }).output();
  }
});

function held(attempt: LockAttempt): FileLock {
  assert.ok(attempt.kind === "held");
  return attempt.lock;
}
