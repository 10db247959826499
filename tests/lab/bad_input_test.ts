// What cannot be done is refused in one clear line, before anything is touched.

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { bzman, loggedRuns } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertUntouched, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** A command line, its exit status, and what it has to say. */
type Case = readonly [args: string, exit: 2 | 3, says: RegExp];

// The words of the parsers have tests of their own; here a few of them meet the real hosts.
const cases: readonly Case[] = [
  ["replicate --frobnicate tank target", 2, /has no option "--frobnicate"/],
  ["-s tank -d tank/data target", 2, /-s and -d cannot be combined/],
  ["replicate -- tank -oProxyCommand=reboot", 2, /begins with '-'/],
  ["replicate 'ta$nk' target", 2, /"\$", which ZFS does not allow/],
  ["replicate --retries 1000 tank target", 2, /--retries: "1000" is out of range; allowed are 0 to 20/],
  ["replicate --db /proc/bzman tank target", 2, /\/proc\/bzman/],
  ["replicate nopool target", 3, /pool nopool is not imported there \(imported: tank\)/],
  ["replicate tank/nothing target", 3, /there is no dataset tank\/nothing/],
  ["replicate tank no-such-host.invalid", 3, /Could not resolve hostname no-such-host\.invalid/],
  ["replicate tank target:nopool", 3, /on target: .*pool nopool is not imported there/],
];

Deno.test("bad input is told in one line, with what to do, and touches nothing", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await assertUntouched(source, "tank", () =>
    assertUntouched(target, "tank", async () => {
      for (const [args, exit, says] of cases) {
        await t.step(args, async () => {
          const { code, stdout, stderr } = await source.sh(`bzman ${args}`, { check: false });
          strictEqual(code, exit, stderr);
          // A run that was refused begins, and ends with its times; usage errors have nothing to say there.
          strictEqual(exit === 2 ? stdout : "", "");
          match(stderr, says);
          strictEqual(/^ *at |\.[jt]s:\d/m.test(stderr), false, `a stack trace:\n${stderr}`);
        });
      }
    }));

  await t.step("a record in a folder of somebody else's", async () => {
    await source.sh("id alice >/dev/null 2>&1 || useradd -m alice");
    const { code, stderr } = await bzman(source, ["replicate", "--db", "/root", "tank", "target"], { user: "alice" });
    strictEqual(code, 2);
    match(stderr, /\/root/);
  });

  await t.step("only what was refused after a look at the hosts has a record", async () => {
    const refused = cases.filter(([, exit]) => exit === 3).map(() => "refused 3");
    deepStrictEqual((await loggedRuns(source)).map(({ result, exitStatus }) => `${result} ${exitStatus}`), refused);
  });
});
