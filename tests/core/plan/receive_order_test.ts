import assert from "node:assert/strict";
import fc from "fast-check";
import { parentOf } from "../../../src/zfs/names/names.ts";
import { receiveOrder } from "../../../src/core/plan/receive_order.ts";
import { dataset } from "../make.ts";

/** Datasets from words `NAME` or `NAME<ORIGIN`, in the order they can be received. */
function ordered(...words: string[]): string {
  return receiveOrder(words.map((word) => {
    const [name = "", origin] = word.split("<");
    return dataset(name, "s:1", { origin: origin === undefined ? undefined : `${origin}@s` });
  })).map(({ name }) => name).join(" ");
}

const cases: readonly (readonly [words: string[], order: string])[] = [
  [["t/b", "t", "t/a/c", "t/a"], "t t/a t/a/c t/b"],
  [["t", "t/a<t/z", "t/z"], "t t/z t/a"],
  [["t", "t/a<t/z", "t/z<t/y", "t/y"], "t t/y t/z t/a"],
  [["t", "t/a<t/z/o", "t/z", "t/z/o"], "t t/z t/z/o t/a"],
  [["t", "t/a<elsewhere/o"], "t t/a"],
  // No order serves both: the clone goes first and is sent whole.
  [["t", "t/a<t/a/o", "t/a/o"], "t t/a t/a/o"],
  [["t", "t/p<t/q/x", "t/p/y", "t/q<t/p/y", "t/q/x"], "t t/q t/q/x t/p t/p/y"],
];

Deno.test("parents before children, origins before clones", async (test) => {
  for (const [words, order] of cases) await test.step(words.join(" "), () => assert.equal(ordered(...words), order));
});

Deno.test("whatever the origins: all are there once, each after its parent, and the order of the input is of no matter", () => {
  const names = ["t", "t/a", "t/b", "t/a/c", "t/a/d", "t/b/e", "t/f"];
  const origins = fc.array(fc.option(fc.constantFrom(...names), { nil: undefined }), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(origins, fc.shuffledSubarray(names, { minLength: names.length }), (chosen, shuffled) => {
      const made = new Map(names.map((name, i) => {
        const origin = chosen[i] === undefined || chosen[i] === name ? undefined : `${chosen[i]}@s`;
        return [name, dataset(name, "s:1", { origin })];
      }));
      const order = receiveOrder([...made.values()]).map(({ name }) => name);
      assert.deepEqual([...order].sort(), [...names].sort());
      for (const [i, name] of order.entries()) {
        const parent = parentOf(name);
        assert.ok(parent === undefined || order.slice(0, i).includes(parent), `${name} before ${parent}`);
      }
      assert.deepEqual(receiveOrder(shuffled.map((name) => made.get(name)!)).map(({ name }) => name), order);
    }),
    { numRuns: 500 },
  );
});
