import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { leftovers } from "../../src/core/leftovers.ts";
import { snapshot } from "../zfs/sample.ts";
import { dataset } from "./make.ts";

const own = { prefix: "incremental", adopt: false };

/** Versions of the source, of the target, and the names that are left over. */
const cases: Readonly<Record<string, readonly [source: string, target: string, left: readonly string[]]>> = {
  "the source has all": ["a:1 b:2 c:3", "a:1 b:2 c:3", []],
  "one is gone from the source": ["a:1 c:3", "a:1 b:2 c:3", ["b"]],
  "all but the newest are gone": ["c:3", "a:1 b:2 c:3", ["a", "b"]],
  "one of the same name is another": ["b:9 c:3", "b:2 c:3", ["b"]],
  "a bookmark is no snapshot": ["#b:2 c:3", "b:2 c:3", ["b"]],
  "the newest common one is a bookmark alone: it stays": ["#b:2 c:3", "a:1 b:2", ["a"]],
  "nothing is common": ["c:3", "a:1 b:2", []],
  "what is newer than the common one was never replicated": ["a:1 b:2", "b:2 x:8", []],
  "what the copy's own copy needs stays": ["c:3", "a:1 b:2 c:3 #bzman-0123456789ab-2:2", ["a"]],
};

for (const [name, [source, target, left]] of Object.entries(cases)) {
  Deno.test(`left over: ${name}`, () => {
    const found = leftovers(dataset("tank", source), dataset("backup", target), own);
    deepEqual(found.map((snapshot) => snapshot.name), left);
  });
}

Deno.test("left over: not bzman's own, which go by age and number", () => {
  const copy = dataset("backup", "", {
    snapshots: [
      snapshot("backup@incremental-2026-11-22T03:00:00Z", 1),
      snapshot("backup@b", 2),
      snapshot("backup@c", 3),
    ],
  });
  const find = (prefix: string) => leftovers(dataset("tank", "c:3"), copy, { ...own, prefix }).length;
  deepEqual([find("incremental"), find("hourly")], [1, 2]);
});

Deno.test("left over: never the newest common version, nothing newer, and nothing that the source has", () =>
  fc.assert(fc.property(
    fc.uniqueArray(fc.integer({ min: 1, max: 12 })),
    fc.uniqueArray(fc.integer({ min: 1, max: 12 })),
    (here, there) => {
      const words = (guids: number[]) => guids.map((guid) => `s${guid}:${guid}`).join(" ");
      const common = there.findLast((guid) => here.includes(guid));
      const left = leftovers(dataset("tank", words(here)), dataset("backup", words(there)), own);
      const expected = common === undefined ? [] : there.slice(0, there.indexOf(common));
      deepEqual(
        left.map(({ name }) => name),
        expected.filter((guid) => !here.includes(guid)).map((guid) => `s${guid}`),
      );
    },
  )));
