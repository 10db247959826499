// Many commands in one shell come to the same as each alone.

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { LocalHost } from "../../src/hosts/local_host.ts";

Deno.test("a long batch tells of every command what it would tell alone", async () => {
  const host = new LocalHost();
  const commands = Array.from(
    { length: 12 },
    (_, i) =>
      i === 3
        ? ["sh", "-c", "echo one; echo two >&2; exit 7"]
        : i === 5
        ? ["no-such-program"]
        : ["echo", `it's $${i} "x"`],
  );
  const together = await host.runAll(commands);
  strictEqual(together.length, 12);
  for (const [i, argv] of commands.entries()) {
    const alone = await host.run(argv);
    deepStrictEqual([together[i]?.status, together[i]?.stdout], [alone.status, alone.stdout]);
  }
  strictEqual(together[3]?.stderr, "two\n");
});

Deno.test("a long batch that is stopped tells what ended, and that the rest did not", async () => {
  const host = new LocalHost();
  const commands = Array.from({ length: 10 }, (_, i) => i === 4 ? ["sleep", "60"] : ["echo", String(i)]);
  const outcomes = await host.runAll(commands, { timeoutMs: 3_000 });
  deepStrictEqual(outcomes.slice(0, 4).map(({ status, stopped }) => [status, stopped]), Array(4).fill([0, undefined]));
  for (const outcome of outcomes.slice(4)) strictEqual(outcome.stopped, "timeout");
});
