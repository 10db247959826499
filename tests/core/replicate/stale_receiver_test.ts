// A receiver that an earlier run left is ended only where that run is provably gone.

import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import { lockTree } from "../../../src/zfs/names/lock_tree.ts";
import { parseGuid } from "../../../src/zfs/names/names.ts";
import { name } from "../../zfs/sample.ts";
import { Machine } from "../model/machine.ts";
import { replicateOnModel } from "../model/replication.ts";

/** The marks that a run looks for on the target after a cut, and the tree that it locked. */
async function marksOf(forAllUsers: boolean): Promise<{ readonly marks: ReadonlySet<string>; readonly tree: string }> {
  const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
  source.create("tank/a");
  source.write("tank/a");
  const marks = new Set<string>();
  let tree = "";
  await replicateOnModel({
    source,
    target,
    tops: ["tank", "back/t"],
    atMs: Date.UTC(2026, 10, 22),
    happenings: { cut: (stream) => stream === 0 ? { after: 1 } : undefined },
    ports: {
      random: Math.random,
      lock: (locked) => {
        tree = locked;
        return Promise.resolve({ kind: "taken", forAllUsers, release: () => Promise.resolve() });
      },
      endStaleReceivers: (_, mark) => {
        marks.add(mark);
        return Promise.resolve(0);
      },
    },
  });
  return { marks, tree };
}

Deno.test("with a lock for all users every run of the job looks for the same mark: the others are gone", async () => {
  const [first, second] = [await marksOf(true), await marksOf(true)];
  equal(first.marks.size, 1);
  deepEqual(first.marks, second.marks);
  match(first.tree, /^\d+\/t$/);
});

Deno.test("without one a run looks for its own receivers alone: somebody else's may be at work", async () => {
  const [first, second] = [await marksOf(false), await marksOf(false)];
  equal(first.marks.size, 1);
  notEqual([...first.marks][0], [...second.marks][0]);
});

Deno.test("the tree of a lock is the pool's GUID and the path below it", () => {
  equal(lockTree(parseGuid("17"), name("tank")), "17");
  equal(lockTree(parseGuid("17"), name("tank/a b/c")), lockTree(parseGuid("17"), name("other/a b/c")));
});
