import { deepStrictEqual } from "node:assert/strict";
import { mayBeHeld } from "../../../src/core/engine/stale_holds.ts";
import type { Dataset } from "../../../src/zfs/dataset.ts";
import type { DatasetName, Guid } from "../../../src/zfs/names.ts";
import { bookmarkName } from "../../../src/zfs/own_names.ts";
import type { Snapshot } from "../../../src/zfs/version.ts";

const key = "0123456789ab";

const snapshot = (n: number): Snapshot => ({
  kind: "snapshot",
  dataset: "tank/s" as DatasetName,
  name: `s${n}`,
  guid: String(n) as Guid,
  createtxg: BigInt(n),
});

function dataset(snapshots: readonly number[], bookmarks: readonly number[] = []): Dataset {
  return {
    name: "tank/s" as DatasetName,
    type: "filesystem",
    guid: "99" as Guid,
    createtxg: 1n,
    usedBytes: 0n,
    availableBytes: 0n,
    referencedBytes: 0n,
    writtenBytes: 0n,
    origin: undefined,
    encryption: "off",
    encryptionRoot: undefined,
    keyStatus: "none",
    resumeToken: undefined,
    canmount: "on",
    mounted: false,
    readonly: false,
    snapshots: snapshots.map(snapshot),
    bookmarks: bookmarks.map((n) => ({
      kind: "bookmark",
      dataset: "tank/s" as DatasetName,
      name: bookmarkName(key, String(n) as Guid),
      guid: String(n) as Guid,
      createtxg: BigInt(n),
    })),
  };
}

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
