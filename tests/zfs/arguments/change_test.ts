import assert from "node:assert/strict";
import {
  createParent,
  destroyBookmark,
  destroySnapshots,
  hold,
  listHolds,
  makeBookmark,
  release,
  renameDataset,
  rollback,
  setNoAuto,
  takeSnapshot,
} from "../../../src/zfs/arguments/change.ts";
import { name, snapshot } from "../sample.ts";

const a = name("tank/a b");

const commands: Readonly<Record<string, readonly [made: string[], argv: string]>> = {
  "a snapshot of a tree": [
    takeSnapshot([name("tank")], "i-1", "i", true),
    "zfs snapshot -r -o bzman:prefix=i tank@i-1",
  ],
  "a snapshot of some": [
    takeSnapshot([name("tank"), a], "i-1", "i", false),
    "zfs snapshot -o bzman:prefix=i tank@i-1 tank/a_b@i-1",
  ],
  "destroying snapshots": [destroySnapshots(a, ["1", "2"]), "zfs destroy tank/a_b@1,2"],
  "destroying a bookmark": [destroyBookmark(a, "m"), "zfs destroy tank/a_b#m"],
  "a bookmark": [makeBookmark(snapshot("tank/a b@1"), "m"), "zfs bookmark tank/a_b@1 tank/a_b#m"],
  "a hold": [hold("bzman:1", ["tank@1", "tank/a b@1"], false), "zfs hold bzman:1 tank@1 tank/a_b@1"],
  "a hold below": [hold("bzman:1", ["tank@1"], true), "zfs hold -r bzman:1 tank@1"],
  "a release": [release("bzman:1", ["tank@1"], false), "zfs release bzman:1 tank@1"],
  "a release below": [release("bzman:1", ["tank@1"], true), "zfs release -r bzman:1 tank@1"],
  "holds": [listHolds(["tank@1"]), "zfs holds -H tank@1"],
  "a rollback, never over a clone": [rollback("tank/a b@1"), "zfs rollback -r tank/a_b@1"],
  "a rename, without mounting": [renameDataset(a, name("tank/c"), "filesystem"), "zfs rename -u tank/a_b tank/c"],
  "a rename of a volume": [renameDataset(a, name("tank/c"), "volume"), "zfs rename tank/a_b tank/c"],
  "a parent, never mounted": [createParent(a), "zfs create -u -o canmount=off -o readonly=on tank/a_b"],
  "no mounting at boot": [setNoAuto([a, name("tank/c")]), "zfs set canmount=noauto tank/a_b tank/c"],
};

Deno.test("the arguments of what changes a dataset", async (test) => {
  for (const [what, [made, argv]] of Object.entries(commands)) {
    // `_` stands for a space within a word.
    await test.step(what, () => assert.deepEqual(made, argv.split(" ").map((word) => word.replace("_", " "))));
  }
});
