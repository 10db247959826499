import { deepStrictEqual } from "node:assert/strict";
import { mayBeHeld } from "../../../src/core/engine/stale_holds.ts";
import type { Dataset } from "../../../src/zfs/dataset.ts";
import { parseGuid } from "../../../src/zfs/names.ts";
import { bookmarkName } from "../../../src/zfs/own_names.ts";
import type { Snapshot } from "../../../src/zfs/version.ts";
import { dataset as made } from "../make.ts";

const key = "0123456789ab";

/** Snapshots `s1`, `s2` … and bookmarks of those named, as bzman makes them. */
function dataset(snapshots: readonly number[], bookmarks: readonly number[] = []): Dataset {
  const words = snapshots.map((n) => `s${n}:${n}`);
  const marks = bookmarks.map((n) => `#${bookmarkName(key, parseGuid(String(n)))}:${n}`);
  return made("tank/s", [...words, ...marks].join(" "));
}

/** As old as it is in a dataset that has all before it. */
const snapshot = (n: number): Snapshot => dataset(Array.from({ length: n }, (_, i) => i + 1)).snapshots[n - 1]!;

const names = (snapshots: readonly Snapshot[]) => snapshots.map(({ name }) => name);

Deno.test("an ordinary cycle asks for no holds at all", () => {
  deepStrictEqual(names(mayBeHeld(dataset([1, 2, 3], [2]), snapshot(3), dataset([1, 2]), true, key)), []);
  deepStrictEqual(names(mayBeHeld(dataset([1, 2], [2]), snapshot(2), dataset([1, 2]), true, key)), []);
});

Deno.test("a first copy into an empty target asks for none", () => {
  deepStrictEqual(names(mayBeHeld(dataset([1, 2, 3]), snapshot(3), undefined, false, key)), []);
});

Deno.test("what an earlier run did not get to the end of may be held", () => {
  // It sent 2 and was killed before its bookmark.
  deepStrictEqual(names(mayBeHeld(dataset([1, 2], [1]), snapshot(2), dataset([1, 2]), true, key)), ["s2"]);
  // It failed to send 3; this one sent 3 and 4.
  deepStrictEqual(names(mayBeHeld(dataset([1, 2, 3, 4], [2]), snapshot(4), dataset([1, 2]), true, key)), ["s3"]);
  // A first copy of a package that was cut before it came to this dataset.
  deepStrictEqual(names(mayBeHeld(dataset([1, 2, 3]), snapshot(3), undefined, true, key)), ["s1", "s2"]);
});
