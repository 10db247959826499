import assert from "node:assert/strict";
import { discardPartial, receiveArgv, type ReceiveFlags } from "../../../src/zfs/arguments/receive.ts";
import { name } from "../sample.ts";

const usual: ReceiveFlags = { type: "filesystem", raw: false, force: false, properties: "carried" };
const noMounts = "-x mountpoint -x sharenfs -x sharesmb -x quota -x refquota";
const noReserve = "-x reservation -x refreservation";

const commands: readonly (readonly [what: string, flags: Partial<ReceiveFlags>, argv: string])[] = [
  ["a filesystem", {}, `zfs receive -s -u ${noMounts} ${noReserve} -x encryption -o readonly=on backup/a_b`],
  ["a tree", { type: "tree" }, `zfs receive -s -u ${noMounts} ${noReserve} -x encryption -o readonly=on backup/a_b`],
  ["a volume", { type: "volume" }, `zfs receive -s -u ${noReserve} -x encryption -o readonly=on backup/a_b`],
  ["raw", { raw: true }, `zfs receive -s -u ${noMounts} ${noReserve} -o readonly=on backup/a_b`],
  [
    "over an empty one",
    { force: true },
    `zfs receive -s -u -F ${noMounts} ${noReserve} -x encryption -o readonly=on backup/a_b`,
  ],
  ["without properties", { properties: "none" }, "zfs receive -s -u -o readonly=on backup/a_b"],
  ["the rest of a cut one", { properties: "rest" }, "zfs receive -s -u backup/a_b"],
  ["the rest over an empty one", { properties: "rest", force: true }, "zfs receive -s -u -F backup/a_b"],
];

Deno.test("the arguments of zfs receive", async (test) => {
  for (const [what, flags, argv] of commands) {
    const expected = argv.split(" ").map((word) => word.replace("_", " "));
    await test.step(what, () => assert.deepEqual(receiveArgv(name("backup/a b"), { ...usual, ...flags }), expected));
  }
});

Deno.test("discarding what a cut receive left", () => {
  assert.deepEqual(discardPartial(name("backup/a b")), ["zfs", "receive", "-A", "backup/a b"]);
});
