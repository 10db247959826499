import assert from "node:assert/strict";
import type { Stage } from "../../src/core/ports.ts";
import { Hosts } from "../../src/hosts/hosts.ts";
import { runPipeline } from "../../src/hosts/pipeline/pipeline.ts";
import { findStaleReceivers } from "../../src/hosts/stale_receivers.ts";
import { stdinWatchdog } from "../../src/zfs/arguments/stdin_watchdog.ts";
import { alive, eventually, sleep, testWith } from "./fixtures.ts";
import { children, freePort, startSshd } from "./sshd.ts";

const here = "127.0.0.1";
const stallMs = 60_000;
const quick = { connectSeconds: 1, aliveSeconds: 1, aliveCount: 2 };

function test(name: string, run: () => Promise<void>): void {
  testWith(`sshd: ${name}`, ["sshd", "ssh", "ssh-keygen", "pgrep"], run);
}

test("commands and streams share one connection with an AES-GCM cipher", async () => {
  await using sshd = await startSshd();
  await using hosts = sshd.hosts();
  const host = hosts.at(here);
  const outcomes = await Promise.all([
    host.run(["printf", "%s", "it's\\ $HOME"]),
    host.run(["sh", "-c", "exit 255"]),
    host.run(["cat"], { stdin: "x".repeat(300_000) }),
    host.run(["sh", "-c", "kill -9 $$"]),
  ]);
  assert.deepEqual(outcomes.map((each) => each.status), [0, 255, 0, 137]);
  assert.deepEqual(outcomes.map((each) => each.connection), [undefined, undefined, undefined, undefined]);
  assert.equal(outcomes[0]!.stdout, "it's\\ $HOME");
  assert.equal(outcomes[2]!.stdout.length, 300_000);
  assert.deepEqual((await host.runAll([["echo", "1"], ["false"]])).map((each) => each.status), [0, 1]);
  const pipeline = await runPipeline([
    { role: "send", host: hosts.local, argv: ["head", "-c", "5000000", "/dev/zero"] },
    { role: "receive", host, argv: ["sh", "-c", 'test "$(wc -c)" = 5000000'] },
  ], { stallMs });
  assert.equal(pipeline.ok, true, JSON.stringify(pipeline));
  assert.equal((await sshd.log(/Accepted publickey/)).length, 1);
});

test("a tethered command learns that it was given up, and ends all it began", async () => {
  await using sshd = await startSshd();
  await using hosts = sshd.hosts();
  const host = hosts.at(here);
  assert.equal((await host.run(["sh", "-c", "sleep 0.5; echo done"], { stdinWatchdog: true })).stdout, "done\n");
  const file = await Deno.makeTempFile();
  const script = `${stdinWatchdog}sleep 300 & echo $! >"$1"; wait`;
  const stop = new AbortController();
  const running = host.run(["sh", "-c", script, "sh", file], { stdinWatchdog: true, signal: stop.signal });
  const pid = async () => Number(await Deno.readTextFile(file));
  assert.ok(await eventually(async () => await pid() > 0, 5000));
  assert.ok(await alive(await pid()));
  stop.abort();
  assert.equal((await running).stopped, "aborted");
  assert.ok(await eventually(async () => !await alive(await pid()), 3000));
  await Deno.remove(file);
});

test("a server that allows one session a connection gets more connections", async () => {
  await using sshd = await startSshd(["MaxSessions 1"]);
  await using hosts = sshd.hosts();
  const host = hosts.at(here);
  const outcomes = await Promise.all([1, 2, 3].map((index) => host.run(["sh", "-c", `sleep 0.5; echo ${index} >&2`])));
  assert.deepEqual(outcomes.map((each) => [each.status, each.stderr]), [[0, "1\n"], [0, "2\n"], [0, "3\n"]]);
});

test("noise of the login shell is eaten in both directions, byte for byte", async () => {
  await using sshd = await startSshd([
    `ForceCommand printf 'Last login\\nno newline'; echo motd >&2; eval "$SSH_ORIGINAL_COMMAND"`,
  ]);
  await using hosts = sshd.hosts();
  const far = hosts.at(here);
  assert.equal((await far.run(["echo", "clean"])).stdout, "clean\n");
  const file = await Deno.makeTempFile();
  for (const [from, to] of [[hosts.local, far], [far, hosts.local]] as const) {
    const outcome = await runPipeline([
      { role: "send", host: from, argv: ["cat", "/bin/sh"] },
      { role: "receive", host: to, argv: ["dd", `of=${file}`, "status=none"] },
    ], { stallMs });
    assert.equal(outcome.ok, true, JSON.stringify(outcome));
    assert.deepEqual(await Deno.readFile(file), await Deno.readFile("/bin/sh"));
  }
  await Deno.remove(file);
});

test("what can go wrong while connecting has its class", async () => {
  await using sshd = await startSshd();
  const silent = Deno.listen({ hostname: here, port: 0 });
  const wrong = `${sshd.folder}/wrong`;
  await Deno.writeTextFile(
    wrong,
    (await Deno.readTextFile(`${sshd.folder}/user_key.pub`)).replace(/^/, `[${here}]:${sshd.port} `),
  );
  const expected: readonly [host: string, options: readonly string[], errorClass: string][] = [
    [here, [`Port=${freePort()}`], "ssh-unreachable"],
    [here, [`Port=${silent.addr.port}`], "ssh-timeout"],
    [here, ["UserKnownHostsFile=/dev/null"], "ssh-host-key"],
    [here, [`UserKnownHostsFile=${wrong}`], "ssh-host-key"],
    [here, ["PubkeyAuthentication=no"], "ssh-auth"],
    ["no-such-host.invalid", [], "ssh-host-unresolvable"],
    [here, ["MACs=nonsense"], "ssh-lost"],
    [here, ["KexAlgorithms=diffie-hellman-group1-sha1"], "ssh-negotiation"],
    [here, ["NoSuchOption=1"], "ssh-config"],
  ];
  for (const [host, options, errorClass] of expected) {
    // The first value of an option counts.
    await using bad = new Hosts({ ssh: { ...quick, options: [...options, ...sshd.options] } });
    const outcome = await bad.at(host).run(["true"], { timeoutMs: 20_000 });
    assert.equal(outcome.connection?.errorClass, errorClass, outcome.stderr);
    assert.ok(outcome.elapsedMs < 15_000);
  }
  silent.close();
});

test("after the connection died the next command opens a new one", async () => {
  await using sshd = await startSshd();
  await using hosts = sshd.hosts();
  const host = hosts.at(here);
  await host.run(["true"]);
  for (const pid of await sshd.connections()) Deno.kill(pid, "SIGKILL");
  await sleep(300);
  assert.equal((await host.run(["true"])).status, 0);
  assert.equal((await sshd.log(/Accepted publickey/)).length, 2);
});

test("a connection that is cut mid-stream is the cause, in both directions", async () => {
  for (const direction of ["push", "pull"]) {
    await using sshd = await startSshd();
    await using hosts = sshd.hosts();
    const far = hosts.at(here);
    const [from, to] = direction === "push" ? [hosts.local, far] : [far, hosts.local];
    const mark = `bzman-test:${crypto.randomUUID()}`;
    const running = runPipeline([
      { role: "send", host: from, argv: ["cat", "/dev/zero"], mark },
      { role: "receive", host: to, argv: ["sh", "-c", "cat >/dev/null; echo incomplete stream >&2; exit 1"], mark },
    ], { stallMs });
    // The sender, and the receiver with its cat.
    assert.ok(await eventually(async () => (await findStaleReceivers(hosts.local, mark)).length >= 3, 10_000));
    await sleep(300);
    for (const pid of await sshd.connections()) Deno.kill(pid, "SIGKILL");
    const outcome = await running;
    assert.equal(outcome.guilty?.name, `ssh ${here}`, JSON.stringify(outcome));
    assert.equal(outcome.guilty?.connection?.errorClass, "ssh-lost");
    assert.ok(outcome.elapsedMs < 9000);
  }
});

test("a refused receive is the cause, not ssh and not the sender", async () => {
  await using sshd = await startSshd();
  await using hosts = sshd.hosts();
  const far = hosts.at(here);
  for (const [from, to] of [[hosts.local, far], [far, hosts.local]] as const) {
    const outcome = await runPipeline([
      { role: "send", host: from, argv: ["cat", "/dev/zero"] },
      { role: "receive", host: to, argv: ["sh", "-c", "head -c 100 >/dev/null; echo cannot receive >&2; exit 1"] },
    ], { stallMs });
    assert.equal(outcome.guilty?.stderrTail, "cannot receive\n", JSON.stringify(outcome));
    assert.equal(outcome.guilty?.status, 1);
    // In a pull the sender's report can get lost with the session that carried it.
    assert.ok([141, 255].includes(outcome.stages[0]!.status));
    assert.ok(outcome.elapsedMs < 7000);
  }
});

test("a peer that hangs is noticed by the keep-alives", async () => {
  await using sshd = await startSshd();
  await using hosts = sshd.hosts(quick);
  const far = hosts.at(here);
  const mark = `bzman-test:${crypto.randomUUID()}`;
  const running = runPipeline([
    { role: "send", host: hosts.local, argv: ["cat", "/dev/zero"] },
    { role: "receive", host: far, argv: ["sh", "-c", "cat >/dev/null"], mark },
  ], { stallMs });
  assert.ok(await eventually(async () => (await findStaleReceivers(hosts.local, mark)).length > 0, 10_000));
  const pids = (await Promise.all((await sshd.connections()).map(async (pid) => [pid, ...await children(pid)]))).flat();
  for (const pid of pids) Deno.kill(pid, "SIGSTOP");
  const outcome = await running;
  assert.equal(outcome.guilty?.connection?.errorClass, "ssh-lost");
  assert.match(outcome.guilty?.connection?.why ?? "", /not responding/);
  assert.ok(outcome.elapsedMs < 15_000, String(outcome.elapsedMs));
  for (const pid of pids) Deno.kill(pid, "SIGKILL");
});

test("an abort ends the remote side too: readers, writers, and what does neither", async () => {
  await using sshd = await startSshd();
  await using hosts = sshd.hosts();
  const far = hosts.at(here);
  const mark = `bzman-test:${crypto.randomUUID()}`;
  const cases: readonly (readonly Stage[])[] = [
    [
      { role: "send", host: hosts.local, argv: ["cat", "/dev/zero"] },
      { role: "receive", host: far, argv: ["sh", "-c", "exec cat >/dev/null"], mark },
    ],
    [
      { role: "send", host: far, argv: ["cat", "/dev/zero"], mark },
      { role: "receive", host: hosts.local, argv: ["sh", "-c", "exec cat >/dev/null"] },
    ],
    [
      { role: "send", host: far, argv: ["sh", "-c", "trap '' HUP; sleep 600"], mark },
      { role: "receive", host: hosts.local, argv: ["cat"] },
    ],
  ];
  for (const stages of cases) {
    const stop = new AbortController();
    const running = runPipeline(stages, { stallMs, signal: stop.signal });
    assert.ok(await eventually(async () => (await findStaleReceivers(hosts.local, mark)).length > 0, 5000));
    const before = performance.now();
    stop.abort();
    assert.equal((await running).stopped, "aborted");
    assert.ok(performance.now() - before < 10_000);
    assert.deepEqual(await findStaleReceivers(hosts.local, mark), []);
  }
});

test("SIGKILL of bzman ends local and remote stages and the connection within 10 seconds", async () => {
  await using sshd = await startSshd();
  for (const direction of ["push", "pull"]) {
    const mark = `bzman-test:${crypto.randomUUID()}`;
    const script = new URL("fixtures/replicator.ts", import.meta.url).pathname;
    const bzman = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-lock", script, direction, mark, JSON.stringify(sshd.options)],
      stdin: "null",
    }).spawn();
    await using hosts = sshd.hosts();
    assert.ok(await eventually(async () => (await findStaleReceivers(hosts.local, mark)).length >= 2, 10_000));
    const connection = await sshd.connections();
    assert.equal(connection.length, 1);
    await sleep(300);
    bzman.kill("SIGKILL");
    await bzman.status;
    const gone = async () => (await findStaleReceivers(hosts.local, mark)).length === 0 && !await alive(connection[0]!);
    assert.ok(await eventually(gone, 10_000), direction);
  }
});
