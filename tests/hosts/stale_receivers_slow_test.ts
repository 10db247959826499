import assert from "node:assert/strict";
import { Fault } from "../../src/core/fault.ts";
import { endStaleReceivers, findStaleReceivers } from "../../src/hosts/stale_receivers.ts";
import { alive, fakeHosts } from "./fixtures.ts";

Deno.test("only processes with the very mark are found and ended, here and there, the stubborn too", async () => {
  await using hosts = fakeHosts();
  for (const host of [hosts.local, hosts.at("target")]) {
    const mark = `it's a "mark" $x ${crypto.randomUUID()}`;
    const mine = start(mark, "exec sleep 100");
    const stubborn = start(mark, "trap '' TERM; sleep 101; sleep 102");
    const other = start(`${mark}-2`, "exec sleep 103");
    await new Promise((resolve) => setTimeout(resolve, 200));
    const found = await findStaleReceivers(host, mark);
    assert.ok(found.includes(mine.pid) && found.includes(stubborn.pid));
    // The stubborn shell's own sleep is the third.
    assert.equal(found.length, 3);
    assert.deepEqual(await endStaleReceivers(host, mark), { found: 3, left: 0 });
    assert.ok(!await alive(mine.pid) && !await alive(stubborn.pid) && await alive(other.pid));
    assert.deepEqual(await findStaleReceivers(host, mark), []);
    assert.deepEqual(await endStaleReceivers(host, mark), { found: 0, left: 0 });
    other.kill("SIGKILL");
    await Promise.all([mine.status, stubborn.status, other.status]);
  }
});

Deno.test("a host that cannot be asked is a fault", async () => {
  await using hosts = fakeHosts({ FAKE_REFUSE: "Host key verification failed." });
  await assert.rejects(findStaleReceivers(hosts.at("target"), "x"), (error) => {
    return error instanceof Fault && error.parts.errorClass === "ssh-host-key";
  });
});

function start(mark: string, script: string): Deno.ChildProcess {
  const env = { BZMAN_MARK: mark };
  return new Deno.Command("sh", { args: ["-c", script], env, stdin: "null", stdout: "null" }).spawn();
}
