import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { orphanedForeignSnapshots, provenDeleted, wholeSource } from "../../../src/core/retention/foreign_snapshots.ts";
import { parseGuid } from "../../../src/zfs/names/names.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { snapshot } from "../../zfs/sample.ts";
import { dataset } from "../make.ts";

const own = { prefix: "incremental", adopt: false };

/** What is left over in a copy, where the source has further datasets. */
const left = (source: Dataset, target: Dataset, others: readonly Dataset[] = [], names = own) =>
  orphanedForeignSnapshots(source, target, wholeSource([source, ...others]), names).map(({ name }) => name);

/** Versions of the source, of the target, and the names that are left over. */
const cases: Readonly<Record<string, readonly [source: string, target: string, left: readonly string[]]>> = {
  "the source has all": ["a:1 b:2 c:3", "a:1 b:2 c:3", []],
  "one is gone from the source": ["a:1 c:3", "a:1 b:2 c:3", ["b"]],
  "all but the newest are gone": ["c:3", "a:1 b:2 c:3", ["a", "b"]],
  "one of the same name is another": ["b:9 c:3", "b:2 c:3", ["b"]],
  "one is a bookmark on the source: it may still be a base": ["#b:2 c:3", "b:2 c:3", []],
  "the newest common one is a bookmark alone: it stays": ["#b:2 c:3", "a:1 b:2", ["a"]],
  "nothing is common": ["c:3", "a:1 b:2", []],
  "what is newer than the common one was never replicated": ["a:1 b:2", "b:2 x:8", []],
  "what the copy's own copy needs stays": ["c:3", "a:1 b:2 c:3 #bzman-0123456789ab-2:2", ["a"]],
};

for (const [name, [source, target, expected]] of Object.entries(cases)) {
  Deno.test(`left over: ${name}`, () => {
    deepEqual(left(dataset("tank", source), dataset("backup", target)), expected);
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
  const find = (prefix: string) => left(dataset("tank", "c:3"), copy, [], { ...own, prefix }).length;
  deepEqual([find("incremental"), find("hourly")], [1, 2]);
});

Deno.test("left over: not what a promotion gave to another dataset, be that one left out", () => {
  const target = dataset("backup/a", "a:1 b:2 c:3");
  deepEqual(left(dataset("tank/a", "c:3"), target, [dataset("tank/b", "a:1 b:2 d:4")]), []);
  deepEqual(left(dataset("tank/a", "c:3"), target, [dataset("tank/b", "a:1 d:4")]), ["b"]);
});

Deno.test("of what is left over only that may follow which the source was seen to have", () => {
  const source = dataset("tank/a", "c:3");
  const clone = (origin: string) => dataset("tank/a", "c:3", { origin });
  const target = dataset("backup/a", "a:1 monthly-on-target:77 b:2 c:3");
  const whole = wholeSource([source, dataset("tank/b", "d:4")]);
  const follow = (from: Dataset) =>
    provenDeleted(
      orphanedForeignSnapshots(from, target, whole, own),
      from,
      whole,
      new Set(["1", "2", "3"].map(parseGuid)),
    )
      .map(({ name }) => name);
  deepEqual(follow(source), ["a", "b"]);
  deepEqual(follow(clone("tank/b@d")), ["a", "b"]);
  deepEqual(follow(clone("tank-2/b@d")), [], "a promoted clone that nobody looked at may have them");
});

Deno.test("left over: never the newest common version, nothing newer, and nothing that the source has", () =>
  fc.assert(fc.property(
    fc.uniqueArray(fc.integer({ min: 1, max: 12 })),
    fc.uniqueArray(fc.integer({ min: 1, max: 12 })),
    (here, there) => {
      const words = (guids: number[]) => guids.map((guid) => `s${guid}:${guid}`).join(" ");
      const common = there.findLast((guid) => here.includes(guid));
      const expected = common === undefined ? [] : there.slice(0, there.indexOf(common));
      deepEqual(
        left(dataset("tank", words(here)), dataset("backup", words(there))),
        expected.filter((guid) => !here.includes(guid)).map((guid) => `s${guid}`),
      );
    },
  )));
