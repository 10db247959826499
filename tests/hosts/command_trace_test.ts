import assert from "node:assert/strict";
import { describeCall } from "../../src/hosts/command_trace.ts";
import { LocalHost } from "../../src/hosts/local_host.ts";

Deno.test("a call in words: what was typed, how it ended when not well, how long all of it took", () => {
  const commands = [["zfs", "list", "tank/my data"], ["false"], ["sleep", "100"], ["x".repeat(500)]];
  const outcomes = [{ status: 0 }, { status: 1 }, { status: 143, stopped: "timeout" as const }, { status: 0 }];
  assert.deepEqual(describeCall("target", commands, outcomes, 812.4).split("\n"), [
    "target, 812 ms:",
    "zfs list 'tank/my data'",
    "false → status 1",
    "sleep 100 → timeout",
    `${"x".repeat(400)} …`,
  ]);
});

Deno.test("every call to this machine is told, one by one or many at once", async () => {
  const told: string[] = [];
  const host = new LocalHost({ trace: (text) => told.push(text.replace(/^.*, \d+ ms:/, "")) });
  await host.run(["true"]);
  const many = Array.from({ length: 9 }, (_, i) => i === 3 ? ["false"] : ["echo", String(i)]);
  await host.runAll(many);
  assert.deepEqual(told, [
    "\ntrue",
    ["", ...many.map((argv) => argv.join(" ") + (argv[0] === "false" ? " → status 1" : ""))].join("\n"),
  ]);
});
