import assert from "node:assert/strict";
import { byAge, fullName } from "../../../src/zfs/names/version.ts";
import { bookmark, snapshot } from "../sample.ts";

Deno.test("full names", () => {
  assert.equal(fullName(snapshot("tank/a b@x")), "tank/a b@x");
  assert.equal(fullName(bookmark("tank/a b#x")), "tank/a b#x");
});

Deno.test("age is createtxg, beyond 53 bits too, and neither name nor GUID", () => {
  const old = snapshot("tank@z", 9, 9007199254740993n);
  const young = snapshot("tank@a", 1, 9007199254740994n);
  assert.deepEqual([young, old].sort(byAge), [old, young]);
  assert.equal(byAge(old, bookmark("tank#z", 9, 9007199254740993n)), 0);
});
