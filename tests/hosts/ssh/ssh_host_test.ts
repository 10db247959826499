import assert from "node:assert/strict";
import { eventually, fakeHosts, shells, testWith } from "../fixtures.ts";

const hard = ["it's", "$HOME `id` !!", "\\", "é", " "];

for (const { name, path } of shells) {
  testWith(`${name} as the login shell with a banner changes nothing`, [name], async () => {
    await using hosts = fakeHosts({ FAKE_SHELL: path!, FAKE_NOISE: "Welcome!\nno newline at the end" });
    const host = hosts.at("target");
    const outcome = await host.run(["printf", "[%s]", ...hard]);
    assert.equal(outcome.stdout, hard.map((word) => `[${word}]`).join(""));
    assert.equal(outcome.stderr, "");
    assert.equal(outcome.status, 0);
    const all = await host.runAll([["echo", "one"], ["sh", "-c", "echo oops >&2; exit 3"], ["no-such-program"], [
      "true",
    ]]);
    assert.deepEqual(all.map((each) => each.status), [0, 3, 127, 0]);
    assert.deepEqual(all.map((each) => each.stdout), ["one\n", "", "", ""]);
    assert.equal(all[1]!.stderr, "oops\n");
    assert.match(all[2]!.stderr, /not found/);
    assert.equal(all[3]!.stderr, "");
  });
}

Deno.test("output is returned exactly, with and without a last newline, and marks of other runs in it", async () => {
  await using hosts = fakeHosts();
  const host = hosts.at("target");
  for (const text of ["", "a", "a\n", "\n", "\n\na\n\n", "0123456789abcdef0123456789abcdef 0 0\n"]) {
    const outcome = await host.run(["printf", "%b", text.replaceAll("\n", "\\n")]);
    assert.equal(outcome.stdout, text);
  }
});

Deno.test("no room for the socket of ssh is a fault that may pass, and no reason to leave anything open", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using hosts = fakeHosts({}, { socketFolders: [`${folder}/sockets`] });
    const outcome = await hosts.at("target").run(["true"]);
    assert.deepEqual([outcome.status, outcome.connection?.errorClass, outcome.connection?.temporary], [
      255,
      "ssh-socket",
      true,
    ]);
    assert.match(outcome.connection?.why ?? "", /^no folder for the sockets of ssh/);
    await Deno.mkdir(`${folder}/sockets`);
    assert.equal((await hosts.at("target").run(["true"])).status, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("standard input reaches the command", async () => {
  await using hosts = fakeHosts();
  assert.equal((await hosts.at("target").run(["cat"], { stdin: "hello" })).stdout, "hello");
});

Deno.test("status 255 and death by a signal are the command's own, not the connection's", async () => {
  await using hosts = fakeHosts();
  const outcome = await hosts.at("target").run(["sh", "-c", "exit 255"]);
  assert.equal(outcome.status, 255);
  assert.equal(outcome.connection, undefined);
  assert.equal((await hosts.at("target").run(["sh", "-c", "kill -9 $$"])).status, 137);
});

Deno.test("a run uses one connection, and a new one when that died", async () => {
  const log = await Deno.makeTempFile();
  await using hosts = fakeHosts({ FAKE_LOG: log });
  const host = hosts.at("target");
  const masters = async () =>
    (await Deno.readTextFile(log)).split("\n").filter((line) => line === "master target").length;
  await Promise.all([host.run(["true"]), host.run(["true"]), host.run(["true"])]);
  assert.equal(await masters(), 1);
  const { stdout } = await new Deno.Command("pgrep", { args: ["-P", String(Deno.pid), "-x", "sleep"] }).output();
  Deno.kill(Number(new TextDecoder().decode(stdout)));
  await eventually(async () => (await host.run(["true"])).status === 0 && await masters() === 2, 3000);
  assert.equal(await masters(), 2);
  await Deno.remove(log);
});

Deno.test("the same host is one object, and closing leaves nothing", async () => {
  const hosts = fakeHosts();
  assert.equal(hosts.at("ann@target"), hosts.at("ann@target"));
  assert.equal(hosts.at(undefined), hosts.local);
  await hosts.at("target").run(["true"]);
  await hosts.close();
  await hosts.close();
  const { stdout } = await new Deno.Command("pgrep", { args: ["-P", String(Deno.pid), "-x", "sleep"] }).output();
  assert.equal(new TextDecoder().decode(stdout), "");
});

Deno.test("a host that refuses is an outcome with its reason and what to type", async () => {
  await using hosts = fakeHosts({ FAKE_REFUSE: "ann@target: Permission denied (publickey)." });
  const outcome = await hosts.at("ann@target").run(["true"]);
  assert.equal(outcome.status, 255);
  assert.equal(outcome.connection?.errorClass, "ssh-auth");
  assert.equal(outcome.connection?.temporary, false);
  assert.match(outcome.connection?.next ?? "", /ssh-copy-id ann@target/);
});

Deno.test("a login shell that refuses commands is told from a lost connection", async () => {
  const shell = await Deno.makeTempFile();
  await Deno.writeTextFile(shell, "#!/bin/sh\necho This account is currently not available.\nexit 1\n");
  await Deno.chmod(shell, 0o755);
  await using hosts = fakeHosts({ FAKE_SHELL: shell });
  const outcome = await hosts.at("target").run(["true"]);
  assert.equal(outcome.connection?.errorClass, "ssh-command-refused");
  assert.equal(outcome.connection?.why, "This account is currently not available.");
  await Deno.remove(shell);
});

Deno.test("a connection that is lost mid-way blames the connection and keeps what was finished", async () => {
  const drop = await Deno.makeTempFile();
  await Deno.remove(drop);
  await using hosts = fakeHosts({ FAKE_DROP: drop });
  const running = hosts.at("target").runAll([["echo", "done"], ["touch", drop], ["sleep", "5"], ["true"]]);
  const [first, , third, fourth] = await running;
  assert.deepEqual([first!.status, first!.stdout], [0, "done\n"]);
  assert.equal(third!.connection?.errorClass, "ssh-lost");
  assert.equal(fourth!.connection?.errorClass, "ssh-lost");
  await Deno.remove(drop);
});

Deno.test("limits hold: time, and a signal that was aborted before", async () => {
  await using hosts = fakeHosts();
  const host = hosts.at("target");
  await host.run(["true"]);
  const outcome = await host.run(["sleep", "30"], { timeoutMs: 200 });
  assert.equal(outcome.stopped, "timeout");
  assert.equal(outcome.connection, undefined);
  assert.ok(outcome.elapsedMs < 3000);
  assert.equal((await host.run(["true"], { signal: AbortSignal.abort() })).stopped, "aborted");
});

Deno.test("batches are cut so that no call is too long; a command that cannot be short enough is refused", async () => {
  const log = await Deno.makeTempFile();
  await using hosts = fakeHosts({ FAKE_LOG: log });
  const host = hosts.at("target");
  const commands = Array.from({ length: 300 }, (_, index) => ["echo", `${index}-${"x".repeat(1000)}`]);
  const outcomes = await host.runAll(commands);
  assert.deepEqual(outcomes.map((each) => each.stdout.trim()), commands.map(([, text]) => text));
  assert.ok((await Deno.readTextFile(log)).split("\n").filter((line) => line.startsWith("session")).length >= 3);
  await assert.rejects(host.run(["echo", "x".repeat(130_000)]), RangeError);
  await assert.rejects(host.run(["echo", "a\nb"]), RangeError);
  assert.deepEqual(await host.runAll([]), []);
  await Deno.remove(log);
});

Deno.test("a host that looks like an option is refused", () => {
  const hosts = fakeHosts();
  for (const name of ["-oProxyCommand=id", "", "a b"]) assert.throws(() => hosts.at(name), RangeError);
});
