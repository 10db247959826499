import assert from "node:assert/strict";
import type { Stage } from "../../../src/core/ports.ts";
import { RemoteReport } from "../../../src/hosts/pipeline/remote_report.ts";
import { afterMarker, stageName } from "../../../src/hosts/pipeline/stages.ts";
import { fakeHosts, shells, testWith } from "../fixtures.ts";

for (const { name, path } of shells.filter((shell) => ["sh", "dash", "bash", "ksh", "mksh"].includes(shell.name))) {
  testWith(`${name} eats noise up to the marker and not one byte more`, [name], async () => {
    const [, ...args] = afterMarker(["cat"], "0123");
    const noise = "Welcome\n\\ two  blanks \n0123 begin \nx0123 begin\n\n0123 begin\n";
    const child = new Deno.Command(path!, { args: [...args], stdin: "piped", stdout: "piped" }).spawn();
    const writer = child.stdin.getWriter();
    const stream = "\n stream\0\n0123 begin\nend";
    // One write: whatever reads ahead has the stream in its own buffer.
    await writer.write(new TextEncoder().encode(noise + stream));
    await writer.close();
    const { stdout, code } = await child.output();
    assert.deepEqual([new TextDecoder().decode(stdout), code], [stream, 0]);

    const silent = await new Deno.Command(path!, { args: [...args], stdin: "null" }).output();
    assert.equal(silent.code, 97);
  });
}

Deno.test("stages are called what a person would call them", async () => {
  await using hosts = fakeHosts();
  const far = hosts.at("ann@target");
  const stage = (argv: readonly string[], host = far): Stage => ({ role: "receive", host, argv });
  assert.equal(stageName(stage(["zfs", "receive", "-s"])), "zfs receive on ann@target");
  assert.equal(stageName(stage(["/usr/sbin/zfs", "send", "-w"], hosts.local)), "zfs send");
  assert.equal(stageName(stage(["mbuffer", "-q"])), "mbuffer on ann@target");
});

Deno.test("the words of stages that share one standard error are told apart", async () => {
  await using hosts = fakeHosts();
  const host = hosts.at("target");
  const heard: string[] = [];
  const report = new RemoteReport(
    [{ role: "buffer", host, argv: ["/usr/bin/mbuffer"] }, { role: "receive", host, argv: ["zfs", "receive"] }],
    "ffff",
    (line, index) => heard.push(`${index} ${line}`),
  );
  for (
    const line of [
      "a banner",
      "ffff begin",
      "cannot receive: incomplete stream",
      "mbuffer: error: no space",
      "sh: 1: mbuffer: not found",
      "about mbuffer",
      "ffff 1 1",
      "ffff 7 1",
      "0000 0 1",
    ]
  ) report.take(line);
  assert.deepEqual(heard, [
    "1 cannot receive: incomplete stream",
    "0 mbuffer: error: no space",
    "0 sh: 1: mbuffer: not found",
    "1 about mbuffer",
    "1 0000 0 1",
  ]);
  assert.deepEqual([report.begun, report.complete, report.failed, report.status(0), report.status(1)], [
    true,
    false,
    true,
    undefined,
    1,
  ]);
});
