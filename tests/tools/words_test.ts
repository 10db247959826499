import assert from "node:assert/strict";
import { words, wordsOf } from "../../tools/lint/words.ts";

const root = new URL("../../", import.meta.url).pathname;
const plugin: Deno.lint.Plugin = { name: "bzman", rules: { words } };

function messages(path: string, code: string): string[] {
  return Deno.lint.runPlugin(plugin, root + path, code).map((diagnostic) => diagnostic.message);
}

Deno.test("words: names are read word by word", () => {
  assert.deepEqual(wordsOf("stripHarmlessWrites"), ["strip", "harmless", "writes"]);
  assert.deepEqual(wordsOf("#dataset_days"), ["dataset", "days"]);
});

Deno.test("words: those that were replaced do not come back, in names and texts", () => {
  for (
    const [code, expected] of [
      ["export class Tally {}", /Tally: tally is no term here/],
      ["const harmlessWrites = 1;", /harmlessWrites: harmless is no term/],
      ["interface A { readonly untoldRuns: number; }", /untoldRuns: untold/],
      ["class A { mendAll() {} }", /mendAll: mend/],
      ['const text = "the target went its own way";', /a text says "went its own way"/],
      ["const text = `${name} is well again`;", /a text says "is well"/],
    ] as const
  ) {
    const found = messages("src/core/a.ts", code);
    assert.equal(found.length, 1, code);
    assert.match(found[0] ?? "", expected);
  }
});

Deno.test("words: the terms pass, and so do comments, tests and words that only look alike", () => {
  for (
    const code of [
      "const runState = 1; const ignorableWrites = 2;",
      'const text = "the target has diverged";',
      'const text = "recommended";',
      "// it went its own way\nconst a = 1;",
      "amended();",
    ]
  ) assert.deepEqual(messages("src/core/a.ts", code), [], code);
  assert.deepEqual(messages("tests/a.ts", "class Tally {}"), []);
});
