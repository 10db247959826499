// A process that cannot be started (EAGAIN, no memory) is a temporary fault, and no end of bzman.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { outcomeFault } from "../../src/core/inspect/query.ts";
import { OrphanReaper } from "../../src/hosts/process/orphan_reaper.ts";
import { LocalHost } from "../../src/hosts/local_host.ts";
import { sshFault } from "../../src/hosts/ssh/ssh_faults.ts";
import { watchCounters } from "../../src/hosts/pipeline/stall_detection.ts";
import { eventually } from "./fixtures.ts";

const noProcess = (): never => {
  throw new Error("Failed to spawn '/bin/sh': Resource temporarily unavailable (os error 11)");
};

Deno.test("counters that cannot be read are no reason to end a stream, and are asked for again", async () => {
  let progress = 0;
  let tries = 0;
  const stop = watchCounters([{ pid: Deno.pid, role: "receive" }], () => progress++, () => {
    tries += 1;
    return noProcess();
  });
  deepEqual([tries, progress], [1, 1]);
  ok(await eventually(() => tries === 2, 7000));
  await stop();
});

Deno.test("a keeper that cannot be started does not stop a run, and is told all once it can", async () => {
  let tries = 0;
  let started: Deno.ChildProcess | undefined;
  await using keeper = new OrphanReaper(() => {
    if (++tries < 3) return noProcess();
    started = new Deno.Command("cat", { stdin: "piped", stdout: "piped" }).spawn();
    return started;
  });
  for (const pid of [11, 12, 13]) keeper.watch(pid);
  equal(tries, 3);
  const output = started!.stdout;
  await keeper.close();
  equal(await new Response(output).text(), "watch 11\nwatch 12\nwatch 13\ndone\n");
});

Deno.test("what cannot be started is not called missing", () => {
  const host = new LocalHost();
  for (const words of ["Resource temporarily unavailable (os error 11)", "Cannot allocate memory (os error 12)"]) {
    const outcome = { status: 126, stdout: "", stderr: `zfs: ${words}`, elapsedMs: 1 };
    const { errorClass, temporary, next } = outcomeFault(host, ["zfs", "list"], outcome, "cannot list");
    deepEqual([errorClass, temporary], ["no-resources", true]);
    match(next ?? "", /^\S+ has no process, memory or file to spare/);
    const ssh = sshFault(`ssh: ${words}`, 255, "target");
    deepEqual([ssh?.errorClass, ssh?.temporary], ["no-resources", true]);
  }
  const missing = { status: 127, stdout: "", stderr: "zfs: not found", elapsedMs: 1 };
  equal(outcomeFault(host, ["zfs", "list"], missing, "cannot list").errorClass, "program-missing");
});

Deno.test("with no file descriptors to spare a command fails in words, and the next succeeds", async () => {
  const script = `
    import { Hosts } from ${JSON.stringify(new URL("../../src/hosts/hosts.ts", import.meta.url).href)};
    await using hosts = new Hosts();
    await hosts.local.run(["date"]);
    const files = [];
    try { for (;;) files.push(Deno.openSync("/dev/null")); } catch {}
    const one = await hosts.local.run(["date"]);
    const many = await hosts.local.runAll(Array.from({ length: 10 }, () => ["date"]));
    const connection = await hosts.at("nowhere.invalid").run(["date"]);
    for (const file of files) file.close();
    const after = await hosts.local.run(["date"]);
    console.log(JSON.stringify([one.status, many.map(({ status }) => status), connection.status, after.status]));`;
  const child = await new Deno.Command("sh", {
    args: ["-c", 'ulimit -n 64; exec "$0" eval --no-lock "$1"', Deno.execPath(), script],
  }).output();
  const text = new TextDecoder().decode(child.stdout);
  deepEqual([child.code, text], [0, `[126,[${Array(10).fill(126).join()}],255,0]\n`]);
});
