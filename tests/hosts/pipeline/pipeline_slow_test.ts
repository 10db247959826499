import assert from "node:assert/strict";
import type { Host, Stage } from "../../../src/core/ports.ts";
import { runPipeline } from "../../../src/hosts/pipeline/pipeline.ts";
import { eventually, fakeHosts, shells, sleep, testWith } from "../fixtures.ts";

const stallMs = 60_000;

function send(host: Host, script: string): Stage {
  return { role: "send", host, argv: ["sh", "-c", script] };
}

function buffer(host: Host, script: string): Stage {
  return { role: "buffer", host, argv: ["sh", "-c", script] };
}

function receive(host: Host, script: string, mark?: string): Stage {
  return { role: "receive", host, argv: ["sh", "-c", script], ...(mark !== undefined && { mark }) };
}

Deno.test("bytes flow through local stages, and the listener hears the send stage", async () => {
  await using hosts = fakeHosts();
  const file = await Deno.makeTempFile();
  const lines: string[] = [];
  const outcome = await runPipeline([
    send(
      hosts.local,
      "printf 'full\\ttank@a\\t5\\r\\nsize\\t5\\nodd words\\n12:00:00\\t3\\ttank@a\\n' >&2; printf hello",
    ),
    buffer(hosts.local, "cat"),
    receive(hosts.local, `cat >${file}; echo thanks >&2`),
  ], { stallMs, onSendLine: (line) => lines.push(line) });
  assert.equal(outcome.ok, true);
  assert.equal(outcome.guilty, undefined);
  assert.equal(await Deno.readTextFile(file), "hello");
  assert.deepEqual(lines, ["full\ttank@a\t5", "size\t5", "odd words", "12:00:00\t3\ttank@a"]);
  assert.deepEqual(outcome.stages.map((stage) => [stage.name, stage.status, stage.stderrTail]), [
    ["sh", 0, "odd words\n"],
    ["sh", 0, ""],
    ["sh", 0, "thanks\n"],
  ]);
  await Deno.remove(file);
});

Deno.test("no byte of the stream passes through this process", async () => {
  await using hosts = fakeHosts();
  const before = await ownBytes();
  const outcome = await runPipeline([
    { role: "send", host: hosts.local, argv: ["head", "-c", "500000000", "/dev/zero"] },
    { role: "buffer", host: hosts.local, argv: ["cat"] },
    receive(hosts.local, 'test "$(wc -c)" = 500000000'),
  ], { stallMs });
  assert.equal(outcome.ok, true);
  assert.ok(await ownBytes() - before < 1_000_000);
});

for (const { name, path } of shells) {
  testWith(`push and pull through ${name} with a banner are byte for byte`, [name], async () => {
    await using hosts = fakeHosts({ FAKE_SHELL: path!, FAKE_NOISE: "Welcome!\n\nno newline at the end" });
    const far = hosts.at("target");
    const file = await Deno.makeTempFile();
    // Begins with lines and blanks, and holds every byte: nothing may be eaten or added.
    const bytes = `printf ' \\n\\n\\\\'; head -c 3000000 /bin/bash`;
    const expected = await new Deno.Command("sh", { args: ["-c", bytes] }).output();
    for (const [from, to] of [[hosts.local, far], [far, hosts.local], [far, far]] as const) {
      const outcome = await runPipeline(
        [send(from, bytes), buffer(from, "cat"), buffer(to, "cat"), receive(to, `cat >${file}`)],
        { stallMs },
      );
      assert.equal(outcome.ok, true, JSON.stringify(outcome));
      assert.deepEqual(await Deno.readFile(file), expected.stdout);
    }
    await Deno.remove(file);
  });
}

Deno.test("whichever stage fails is the guilty one, on both sides and in both directions", async (t) => {
  await using hosts = fakeHosts();
  const far = hosts.at("target");
  const good = { send: "head -c 300000 /dev/zero", first: "cat", second: "cat", receive: "cat >/dev/null" };
  const flows = { local: [hosts.local, hosts.local], push: [hosts.local, far], pull: [far, hosts.local] } as const;
  for (const [flow, [from, to]] of Object.entries(flows)) {
    for (const [index, bad] of Object.keys(good).entries()) {
      await t.step(`${flow}: ${bad}`, async () => {
        const scripts = { ...good, [bad]: `head -c 1000 >/dev/null; echo ${bad} is broken >&2; exit 7` };
        const outcome = await runPipeline([
          send(from, bad === "send" ? "head -c 1000 /dev/zero; echo send is broken >&2; exit 7" : scripts.send),
          buffer(from, scripts.first),
          buffer(to, scripts.second),
          receive(to, scripts.receive),
        ], { stallMs });
        assert.equal(outcome.ok, false);
        assert.equal(outcome.guilty?.status, 7);
        const remote = flow === "push" && index > 1 || flow === "pull" && index < 2;
        assert.equal(outcome.guilty?.name, remote ? "sh on target" : "sh");
        assert.equal(outcome.stopped, undefined);
        // The remote stages share one standard error, so that a buffer without its name in front is not told apart.
        assert.match(outcome.stages.map((stage) => stage.stderrTail).join(""), new RegExp(`${bad} is broken`));
      });
    }
  }
});

Deno.test("a producer that only lost its reader is not guilty", async () => {
  await using hosts = fakeHosts();
  const outcome = await runPipeline([
    send(hosts.local, "trap '' PIPE; yes; echo 'cannot send: Broken pipe' >&2; exit 1"),
    { role: "buffer", host: hosts.local, argv: ["cat"] },
    receive(hosts.local, "head -c 10 >/dev/null; echo refused >&2; exit 1"),
  ], { stallMs });
  assert.equal(outcome.guilty?.stderrTail, "refused\n");
  assert.deepEqual(outcome.stages.map((stage) => stage.status), [1, 141, 1]);
});

Deno.test("a lost connection is the cause, not the stages that it took along", async () => {
  const drop = await Deno.makeTempFile();
  await Deno.remove(drop);
  await using hosts = fakeHosts({ FAKE_DROP: drop });
  const far = hosts.at("target");
  const outcome = await runPipeline([
    send(hosts.local, `head -c 100000 /dev/zero; touch ${drop}; yes`),
    receive(far, "cat >/dev/null; echo incomplete stream >&2; exit 1"),
  ], { stallMs });
  assert.equal(outcome.guilty?.name, "ssh target");
  assert.equal(outcome.guilty?.connection?.errorClass, "ssh-lost");
  await Deno.remove(drop);
});

Deno.test("a host that cannot be reached and a program that is missing fail before anything runs", async () => {
  await using hosts = fakeHosts({ FAKE_REFUSE: "ssh: connect to host target port 22: Connection refused" });
  const file = await Deno.makeTempFile();
  const touch = send(hosts.local, `echo ran >${file}`);
  const refused = await runPipeline([touch, receive(hosts.at("target"), "cat")], { stallMs });
  assert.equal(refused.guilty?.connection?.errorClass, "ssh-unreachable");
  const missing = await runPipeline(
    [touch, { role: "receive", host: hosts.local, argv: ["no-such-program", "receive"] }],
    { stallMs },
  );
  assert.deepEqual([missing.guilty?.name, missing.guilty?.status], ["no-such-program", 127]);
  assert.equal(await Deno.readTextFile(file), "");
  await Deno.remove(file);
});

Deno.test("a remote program that is missing is guilty with status 127", async () => {
  await using hosts = fakeHosts();
  const outcome = await runPipeline([
    send(hosts.local, "yes"),
    { role: "buffer", host: hosts.at("target"), argv: ["mbuffer-missing", "-q"] },
    receive(hosts.at("target"), "cat >/dev/null; echo incomplete stream >&2; exit 1"),
  ], { stallMs });
  assert.deepEqual([outcome.guilty?.name, outcome.guilty?.status], ["mbuffer-missing on target", 127]);
  assert.match(outcome.guilty?.stderrTail ?? "", /not found/);
});

Deno.test("a stalled stream ends in bounded time, one that trickles does not", async () => {
  await using hosts = fakeHosts();
  const stalled = await runPipeline([
    // Like zfs send on a dead link: it goes on reporting the same count.
    send(
      hosts.local,
      "printf x; i=0; while :; do printf '12:00:0%s\\t5\\ttank@a\\n' $i >&2; i=$((i+1)); sleep 0.3; done",
    ),
    { role: "receive", host: hosts.local, argv: ["cat"] },
  ], { stallMs: 2500 });
  assert.equal(stalled.stopped, "stalled");
  assert.ok(stalled.silentMs! < 2000, String(stalled.silentMs));
  assert.ok(stalled.elapsedMs > 2000 && stalled.elapsedMs < 8000, String(stalled.elapsedMs));

  const trickle = await runPipeline([
    send(hosts.local, "for i in 1 2 3 4 5 6 7 8 9; do printf x; sleep 0.5; done"),
    { role: "receive", host: hosts.local, argv: ["cat"] },
  ], { stallMs: 2500 });
  assert.equal(trickle.stopped, undefined);
  assert.equal(trickle.ok, true);

  const reported = await runPipeline([
    send(
      hosts.at("target"),
      "for i in 1 2 3 4 5 6 7 8 9; do printf '12:00:00\\t%s\\ttank@a\\n' $i >&2; sleep 0.5; done",
    ),
    { role: "receive", host: hosts.local, argv: ["cat"] },
  ], { stallMs: 2500 });
  assert.equal(reported.ok, true);
});

Deno.test("an abort ends every stage on both sides within 10 seconds, also those that ignore TERM", async () => {
  await using hosts = fakeHosts();
  const far = hosts.at("target");
  await far.run(["true"]);
  const stop = new AbortController();
  const tag = 100000 + Math.floor(Math.random() * 900000);
  const running = runPipeline([
    send(hosts.local, `trap '' TERM PIPE; printf x; sleep ${tag}.1; sleep ${tag}.2`),
    receive(far, `trap '' TERM HUP PIPE; head -c 1; sleep ${tag}.3; sleep ${tag}.4`, "bzman-test:1"),
  ], { stallMs, signal: stop.signal });
  assert.ok(await eventually(async () => await count(`sleep ${tag}`) === 2, 3000));
  const before = performance.now();
  stop.abort();
  const outcome = await running;
  assert.equal(outcome.stopped, "aborted");
  assert.ok(performance.now() - before < 10_000);
  assert.ok(await eventually(async () => await count(`sleep ${tag}`) === 0, 2000));
});

Deno.test("a sender that outlives its reader is ended, and the reader's failure told", async () => {
  await using hosts = fakeHosts();
  const outcome = await runPipeline(
    [send(hosts.local, "sleep 60"), receive(hosts.local, "echo no space >&2; exit 1")],
    { stallMs, grace: { beforeFailedMs: 300, afterFailedMs: 300, beforeDoneMs: 300 } },
  );
  assert.ok(outcome.elapsedMs < 5000);
  assert.equal(outcome.guilty?.stderrTail, "no space\n");
});

Deno.test("a flood on standard error is bounded", async () => {
  await using hosts = fakeHosts();
  const outcome = await runPipeline(
    [send(hosts.local, "head -c 50000000 /dev/zero >&2; yes words | head -c 3000000 >&2; echo last >&2; exit 1")],
    { stallMs },
  );
  assert.ok(outcome.guilty!.stderrTail.length <= 8192);
  assert.match(outcome.guilty!.stderrTail, /last\n$/);
});

Deno.test("two remote hosts, or none at all, are refused", async () => {
  await using hosts = fakeHosts();
  await assert.rejects(runPipeline([], { stallMs }), RangeError);
  await assert.rejects(
    runPipeline([send(hosts.at("a"), "true"), receive(hosts.at("b"), "true")], { stallMs }),
    RangeError,
  );
  const aborted = await runPipeline([send(hosts.local, "true")], { stallMs, signal: AbortSignal.abort() });
  assert.equal(aborted.stopped, "aborted");
  await sleep(0);
});

/** What this process has read and written so far, in bytes, by the kernel's account. */
async function ownBytes(): Promise<number> {
  // By thread: the account of the whole process includes that of the children it has waited for.
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `cat /proc/${Deno.pid}/task/*/io`] }).output();
  const counters = new TextDecoder().decode(stdout).matchAll(/[rw]char: (\d+)/g);
  return [...counters].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

async function count(words: string): Promise<number> {
  const { stdout } = await new Deno.Command("pgrep", { args: ["-c", "-f", `^${words}`] }).output();
  return Number(new TextDecoder().decode(stdout));
}
