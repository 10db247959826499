import assert from "node:assert/strict";
import { maxFiles, maxLines, sizeProblems } from "../../tools/house_sizes.ts";

Deno.test("house: folders and files have a largest size", () => {
  const full = Array.from({ length: maxFiles }, (_, i): [string, number] => [`src/a/${i}.ts`, maxLines]);
  assert.deepEqual(sizeProblems(new Map(full)), []);
  assert.deepEqual(sizeProblems(new Map([...full, ["src/a/b/deeper.ts", 1]])), []);
  assert.match(sizeProblems(new Map([...full, ["src/a/one.ts", 1]])).join(), /^src\/a\/ has 19 files;/);
  assert.match(sizeProblems(new Map([["src/a.ts", maxLines + 1]])).join(), /^src\/a\.ts has 301 lines;/);
});
