import assert from "node:assert/strict";
import { matchesPattern } from "../../src/core/exclusion.ts";

const top = "tank/data";

const cases: readonly (readonly [pattern: string, dataset: string, out: boolean])[] = [
  ["scratch", "tank/data/scratch", true],
  ["scratch", "tank/data/scratch/deep/below", true],
  ["scratch", "tank/data/scratchy", false],
  ["scratch", "tank/data/a/scratch", false],
  ["scratch", "tank/data", false],
  ["scratch", "tank/scratch", false],
  ["scratch", "tank/database/scratch", false],
  ["vm/*", "tank/data/vm", false],
  ["vm/*", "tank/data/vm/one", true],
  ["vm/*", "tank/data/vm/one/disk", true],
  ["*/cache", "tank/data/a/cache", true],
  ["*/cache", "tank/data/a/b/cache", false],
  ["**/cache", "tank/data/a/b/cache", true],
  ["**", "tank/data/anything", true],
  ["**", "tank/data", false],
  ["*", "tank/data/anything/deep", true],
  ["a.c", "tank/data/a.c", true],
  ["a.c", "tank/data/abc", false],
  ["a b", "tank/data/a b", true],
  ["a(b", "tank/data/a(b", true],
  ["", "tank/data/a", false],
];

Deno.test("patterns of datasets to leave out", async (test) => {
  for (const [pattern, dataset, out] of cases) {
    await test.step(`${pattern} ${out ? "leaves out" : "keeps"} ${dataset}`, () => {
      assert.equal(matchesPattern(dataset, top, pattern), out);
    });
  }
});
