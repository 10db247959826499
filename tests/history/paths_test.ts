import assert from "node:assert/strict";
import { databasePath, folderOf, type PathInputs, stateFolder } from "../../src/history/paths.ts";

const nothing: PathInputs = {
  given: undefined,
  givenIsFolder: false,
  isRoot: false,
  stateHome: undefined,
  home: undefined,
};

const places: [Partial<PathInputs>, string | undefined][] = [
  [{ isRoot: true }, "/var/lib/bzman/bzman.db"],
  [{ isRoot: true, stateHome: "/x", home: "/root" }, "/var/lib/bzman/bzman.db"],
  [{ home: "/home/ann" }, "/home/ann/.local/state/bzman/bzman.db"],
  [{ home: "/home/ann", stateHome: "/state" }, "/state/bzman/bzman.db"],
  [{ home: "/home/ann", stateHome: "relative" }, "/home/ann/.local/state/bzman/bzman.db"],
  [{}, undefined],
  [{ given: "/x/my.sqlite" }, "/x/my.sqlite"],
  [{ given: "my.sqlite" }, "my.sqlite"],
  [{ given: "/x", givenIsFolder: true }, "/x/bzman.db"],
  [{ given: "/x/" }, "/x/bzman.db"],
  [{ given: ".", givenIsFolder: true }, "./bzman.db"],
  [{ given: "", isRoot: true }, "/var/lib/bzman/bzman.db"],
];

for (const [inputs, path] of places) {
  Deno.test(`the place for ${JSON.stringify(inputs)} is ${path}`, () =>
    assert.equal(databasePath({ ...nothing, ...inputs }), path));
}

Deno.test("the folder of a file", () => {
  assert.deepEqual(["/a/b", "/a", "a", "./a"].map(folderOf), ["/a", "/", ".", "."]);
});

Deno.test("without a home there is no state folder, and --db needs none", () => {
  assert.equal(stateFolder(nothing), undefined);
  assert.equal(stateFolder({ ...nothing, isRoot: true }), "/var/lib/bzman");
  assert.equal(stateFolder({ ...nothing, home: "/home/ann" }), "/home/ann/.local/state/bzman");
});
