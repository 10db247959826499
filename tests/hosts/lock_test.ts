import assert from "node:assert/strict";
import { describeHolder, type FileLock, type LockAttempt, tryLock } from "../../src/hosts/lock.ts";

const now = Date.UTC(2026, 0, 2, 3, 4, 5);

Deno.test("a lock excludes others, tells who has it, and can be taken again", async () => {
  const folder = `${await Deno.makeTempDir()}/locks`;
  const lock = held(await tryLock(folder, "pool 1/tank", "tank>target", now));
  const second = await tryLock(folder, "pool 1/tank", "other", now);
  assert.ok(second.kind === "busy");
  assert.deepEqual(second.by, { pid: Deno.pid, since: "2026-01-02T03:04:05.000Z", job: "tank>target" });
  assert.equal(
    describeHolder(second.by),
    `held by process ${Deno.pid} (tank>target) since 2026-01-02T03:04:05.000Z`,
  );
  held(await tryLock(folder, "pool 1/tan", "tank>target", now)).release();
  lock.release();
  lock.release();
  held(await tryLock(folder, "pool 1/tank", "x", now)).release();
  assert.equal((await Deno.stat(folder)).mode! & 0o777, 0o700);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a lock ends with its process, and children do not keep it", async () => {
  const folder = await Deno.makeTempDir();
  const script = `
    import { tryLock } from ${JSON.stringify(new URL("../../src/hosts/lock.ts", import.meta.url).href)};
    const attempt = await tryLock(${JSON.stringify(folder)}, "key", "job", 0);
    const child = new Deno.Command("sleep", { args: ["60"], stdin: "null", stdout: "null" }).spawn();
    console.log(attempt.kind, child.pid);
    await child.status;`;
  const holder = new Deno.Command(Deno.execPath(), { args: ["eval", "--no-lock", script], stdout: "piped" }).spawn();
  const reader = holder.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const [kind, child] = ((await reader.read()).value ?? "").split(" ");
  assert.equal(kind, "held");
  const attempt = await tryLock(folder, "key", "me", now);
  assert.ok(attempt.kind === "busy");
  assert.equal(attempt.by.pid, holder.pid);
  holder.kill("SIGKILL");
  await holder.status;
  await reader.cancel();
  held(await tryLock(folder, "key", "me", now)).release();
  Deno.kill(Number(child));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a holder that has not written its name yet is still named somehow", () => {
  assert.equal(describeHolder({ pid: undefined, since: undefined, job: undefined }), "held by another process");
});

function held(attempt: LockAttempt): FileLock {
  assert.ok(attempt.kind === "held");
  return attempt.lock;
}
