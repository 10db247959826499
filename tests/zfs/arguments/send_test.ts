import assert from "node:assert/strict";
import { estimateOf, sendFull, sendIncremental, sendPackage, sendResume } from "../../../src/zfs/arguments/send.ts";
import { bookmark, name, snapshot } from "../sample.ts";

const plain = { raw: false, properties: true };
const raw = { raw: true, properties: true };
const one = snapshot("tank/a b@1", 1);
const two = snapshot("tank/a b@2", 2);
const mark = bookmark("tank/a b#m", 1);
const token = "1-ab-cd-ef";

const commands: Readonly<Record<string, readonly [made: string[], argv: string]>> = {
  "full": [sendFull(one, plain), "zfs send -L -c -p -v -P tank/a_b@1"],
  "full, raw": [sendFull(one, raw), "zfs send -w -p -v -P tank/a_b@1"],
  "full, readable from an encrypted one": [
    sendFull(one, { raw: false, properties: false }),
    "zfs send -L -c -v -P tank/a_b@1",
  ],
  "all between": [sendIncremental(one, two, true, plain), "zfs send -L -c -p -v -P -I tank/a_b@1 tank/a_b@2"],
  "one step": [sendIncremental(one, two, false, plain), "zfs send -L -c -p -v -P -i tank/a_b@1 tank/a_b@2"],
  "from a bookmark": [sendIncremental(mark, two, false, raw), "zfs send -w -p -v -P -i tank/a_b#m tank/a_b@2"],
  "the rest": [sendResume(token), "zfs send -v -P -t 1-ab-cd-ef"],
  "package": [
    sendPackage(name("tank"), "1", "2", [], { raw: false }),
    "zfs send -R -L -c -v -P -I @1 tank@2",
  ],
  "package, without some": [
    sendPackage(name("tank"), "1", "2", [name("tank/a b"), name("tank/c")], { raw: true }),
    "zfs send -R -w -v -P -s -X tank/a_b -X tank/c -I @1 tank@2",
  ],
  "package, first": [
    sendPackage(name("tank"), undefined, "2", [], { raw: false }),
    "zfs send -R -L -c -v -P tank@2",
  ],
  "estimate": [estimateOf(sendFull(one, plain)), "zfs send -n -L -c -p -v -P tank/a_b@1"],
};

Deno.test("the arguments of zfs send", async (test) => {
  for (const [what, [made, argv]] of Object.entries(commands)) {
    // `_` stands for a space within a word.
    await test.step(what, () => assert.deepEqual(made, argv.split(" ").map((word) => word.replace("_", " "))));
  }
});

Deno.test("what ZFS refuses is not asked", () => {
  assert.throws(() => sendIncremental(mark, two, true, plain), RangeError, "-I from a bookmark");
  assert.throws(() => sendResume("$(id)"), SyntaxError);
});
