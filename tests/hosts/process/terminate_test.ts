import assert from "node:assert/strict";
import { terminate } from "../../../src/hosts/process/terminate.ts";

Deno.test("what does not die is abandoned in bounded time", async () => {
  const signals: string[] = [];
  const started = performance.now();
  // Nobody has this id: the largest that Linux gives is 4194304.
  const stuck = { pid: 5_000_000, ended: new Promise(() => {}), kill: (signal: string) => void signals.push(signal) };
  assert.equal(await terminate(stuck, { graceMs: 100, abandonMs: 100 }), "abandoned");
  assert.deepEqual(signals, ["SIGTERM", "SIGKILL"]);
  assert.ok(performance.now() - started < 5000);
});

Deno.test("what ends in its grace is not killed", async () => {
  const child = new Deno.Command("sleep", { args: ["60"], detached: true }).spawn();
  const signals: string[] = [];
  const kill = (signal: "SIGTERM" | "SIGKILL") => {
    signals.push(signal);
    child.kill(signal);
  };
  assert.equal(await terminate({ pid: child.pid, ended: child.status, kill }), "ended");
  assert.deepEqual(signals, ["SIGTERM"]);
});
