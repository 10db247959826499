import assert from "node:assert/strict";
import fc from "fast-check";
import { runConcurrently } from "../../../src/core/protect/run_concurrently.ts";
import type { Host, Outcome } from "../../../src/core/ports.ts";

/** Ends each call a turn later, with the commands' own words. */
class EchoHost {
  label = "echo";
  now = 0;
  most = 0;
  readonly isLocal: boolean;
  constructor(isLocal: boolean) {
    this.isLocal = isLocal;
  }
  async runAll(commands: readonly (readonly string[])[]): Promise<readonly Outcome[]> {
    this.most = Math.max(this.most, ++this.now);
    await Promise.resolve();
    this.now--;
    return commands.map((argv) => ({ status: 0, stdout: argv.join(" "), stderr: "", elapsedMs: 1 }));
  }
}

Deno.test("each command runs once, its outcome stands in its place, and no more calls at once than a host bears", () =>
  fc.assert(fc.asyncProperty(fc.boolean(), fc.nat(200), async (isLocal, count) => {
    const host = new EchoHost(isLocal);
    const commands = Array.from({ length: count }, (_, i) => ["zfs", "destroy", `tank#${i}`]);
    const outcomes = await runConcurrently(host as unknown as Host, commands, {});
    assert.deepEqual(outcomes.map(({ stdout }) => stdout), commands.map((argv) => argv.join(" ")));
    assert.ok(host.most <= (isLocal ? 16 : 4));
  })));
