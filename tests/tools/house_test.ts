import assert from "node:assert/strict";
import { circleIn } from "../../tools/house.ts";

Deno.test("house: a circle of imports is found and named whole", () => {
  const graph = new Map([["a", ["b", "c"]], ["b", ["d"]], ["c", ["d"]], ["d", ["e"]], ["e", ["b"]]]);
  assert.deepEqual(circleIn(graph), ["b", "d", "e", "b"]);
  assert.deepEqual(circleIn(new Map([["a", ["a"]]])), ["a", "a"]);
});

Deno.test("house: sharing is no circle, nor is a file outside", () => {
  assert.equal(circleIn(new Map([["a", ["b", "c"]], ["b", ["d"]], ["c", ["d", "outside"]], ["d", []]])), undefined);
});
