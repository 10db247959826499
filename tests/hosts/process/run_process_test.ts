import assert from "node:assert/strict";
import { OrphanReaper } from "../../../src/hosts/process/orphan_reaper.ts";
import { runProcess } from "../../../src/hosts/process/run_process.ts";
import { alive, eventually } from "../fixtures.ts";

const quick = { graceMs: 300, abandonMs: 1000 };

Deno.test("output, status and standard input", async () => {
  const outcome = await runProcess(["sh", "-c", "cat; echo err >&2; exit 3"], { stdin: "in" });
  assert.deepEqual([outcome.status, outcome.stdout, outcome.stderr], [3, "in", "err\n"]);
  assert.equal(outcome.stopped, undefined);
  assert.equal((await runProcess(["sh", "-c", "kill -9 $$"])).status, 137);
  assert.equal((await runProcess(["cat"])).stdout, "");
});

Deno.test("a program that reads none of a long standard input does not hang", async () => {
  assert.equal((await runProcess(["true"], { stdin: "x".repeat(1_000_000) })).status, 0);
});

Deno.test("a tethered program sees its standard input end when it is stopped, and not before it ended by itself", async () => {
  const { stdout } = await runProcess(["sh", "-c", "read -r word; echo $word; timeout 0.2 cat; echo $?"], {
    stdin: "word\n",
    stdinWatchdog: true,
  });
  assert.equal(stdout, "word\n124\n");
  // Out of the reach of signals to the group, as what runs behind ssh is.
  const file = await Deno.makeTempFile();
  const script = 'exec 3<&0; setsid sh -c \'cat; echo over >"$1"\' sh "$1" <&3 >/dev/null 2>&1 & wait';
  const stopped = await runProcess(["sh", "-c", script, "sh", file], {
    stdinWatchdog: true,
    timeoutMs: 200,
    stopTimeouts: quick,
  });
  assert.equal(stopped.stopped, "timeout");
  assert.ok(await eventually(async () => await Deno.readTextFile(file) === "over\n", 3000));
  await Deno.remove(file);
});

Deno.test("a missing program is 127, one that cannot be run 126", async () => {
  assert.equal((await runProcess(["no-such-program"])).status, 127);
  assert.equal((await runProcess(["/no/such/program"])).status, 127);
  assert.equal((await runProcess(["/etc/passwd"])).status, 126);
  assert.equal((await runProcess(["true", "x".repeat(200_000)])).status, 126);
  await assert.rejects(runProcess([]), RangeError);
});

Deno.test("children see a small English environment", async () => {
  Deno.env.set("SECRET_TOKEN", "x");
  const { stdout } = await runProcess(["env"], { env: { EXTRA: "1" } });
  assert.doesNotMatch(stdout, /SECRET_TOKEN/);
  assert.match(stdout, /^LC_ALL=C$/m);
  assert.match(stdout, /^EXTRA=1$/m);
  assert.match(stdout, /^PATH=.*\/usr\/sbin/m);
  Deno.env.delete("SECRET_TOKEN");
});

Deno.test("a time limit stops a program and what it started, even when they ignore TERM", async () => {
  const script = "trap '' TERM; sleep 300 & echo $!; wait; sleep 300";
  const outcome = await runProcess(["sh", "-c", script], { timeoutMs: 200, stopTimeouts: quick });
  assert.equal(outcome.stopped, "timeout");
  assert.equal(outcome.status, 137);
  assert.ok(outcome.elapsedMs < 5000);
  assert.ok(await eventually(async () => !await alive(Number(outcome.stdout)), 1000));
});

Deno.test("an abort stops it, also one from before", async () => {
  assert.equal((await runProcess(["sleep", "60"], { signal: AbortSignal.abort() })).stopped, "aborted");
  const outcome = await runProcess(["sleep", "60"], { signal: AbortSignal.timeout(100) });
  assert.deepEqual([outcome.stopped, outcome.status], ["aborted", 143]);
});

Deno.test("too much output stops it", async () => {
  const outcome = await runProcess(["yes"], { stdoutLimitBytes: 100_000 });
  assert.equal(outcome.stopped, "overflow");
  assert.ok(outcome.stdout.length <= 100_000);
});

Deno.test("of standard error the beginning and the end are kept, and what was left out is told", async () => {
  const script = "echo first >&2; yes | head -c 5000000 >&2; echo last >&2";
  const outcome = await runProcess(["sh", "-c", script], { stderrEndBytes: 1000 });
  assert.ok(outcome.stderr.length < 150_000);
  assert.match(outcome.stderr, /^first\n(?:y\n)+y?\n\[bzman left out \d+ bytes here\]\n[^]*last\n$/);
});

Deno.test("a grandchild that keeps the output open does not hold up the result", async () => {
  const outcome = await runProcess(["sh", "-c", "sleep 300 & echo $!"]);
  assert.ok(outcome.elapsedMs < 3000);
  assert.equal(outcome.status, 0);
  Deno.kill(Number(outcome.stdout));
});

Deno.test("SIGKILL of the parent ends watched processes, and no other", async () => {
  for (const how of ["SIGKILL", "exit"] as const) {
    const script = new URL("../fixtures/parent.ts", import.meta.url).pathname;
    const parent = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-lock", script],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = parent.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("\n")) text += (await reader.read()).value ?? "";
    const { watched, stubborn, forgotten, folder, keeper } = JSON.parse(text);
    for (const pid of [watched, stubborn, forgotten, keeper]) assert.ok(await alive(pid));
    if (how === "SIGKILL") parent.kill("SIGKILL");
    else await parent.stdin.close();
    await parent.status;
    await reader.cancel();
    const gone = async () => !await alive(watched) && !await alive(stubborn) && !await alive(keeper);
    assert.ok(await eventually(gone, 9000), how);
    assert.ok(await alive(forgotten));
    assert.ok(await eventually(() => Deno.stat(folder).then(() => false, () => true), 1000));
    Deno.kill(forgotten);
    if (how === "SIGKILL") await parent.stdin.close().catch(() => {});
  }
});

Deno.test("a keeper that is closed ends nothing, and one that was killed is no matter", async () => {
  const child = new Deno.Command("sleep", { args: ["60"], detached: true }).spawn();
  const keeper = new OrphanReaper();
  keeper.watch(child.pid);
  await keeper.close();
  await keeper.close();
  assert.ok(await alive(child.pid));

  const lost = new OrphanReaper();
  lost.watch(child.pid);
  Deno.kill(lost.pid!, "SIGKILL");
  lost.forget(child.pid);
  await lost.close();
  child.kill();
  await child.status;
});
