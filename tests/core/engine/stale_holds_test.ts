import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { mayBeHeld } from "../../../src/core/engine/stale_holds.ts";
import type { Dataset } from "../../../src/zfs/dataset.ts";
import { parseGuid } from "../../../src/zfs/names.ts";
import { bookmarkName } from "../../../src/zfs/own_names.ts";
import type { Snapshot } from "../../../src/zfs/version.ts";
import { dataset as made } from "../make.ts";
import { Machine } from "../model/machine.ts";
import { type Happenings, linkDown, type ModelRun, replicateOnModel } from "../model/replication.ts";

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

/** Those that are asked about, and behind a bar those that are when one of these is held. */
function asked(...words: Parameters<typeof mayBeHeld> extends [...infer Rest, string] ? Rest : never): string {
  const { likely, further } = mayBeHeld(...words, key);
  return [...names(likely), ...(further.length > 0 ? ["|", ...names(further)] : [])].join(" ");
}

Deno.test("an ordinary cycle asks for no holds at all", () => {
  equal(asked(dataset([1, 2, 3], [2]), snapshot(3), dataset([1, 2]), true), "");
  equal(asked(dataset([1, 2], [2]), snapshot(2), dataset([1, 2]), true), "");
});

Deno.test("a first copy into an empty target asks for none", () => {
  equal(asked(dataset([1, 2, 3]), snapshot(3), undefined, false), "");
});

Deno.test("what an earlier run did not get to the end of may be held", () => {
  // It sent 2 and was killed before its bookmark.
  equal(asked(dataset([1, 2], [1]), snapshot(2), dataset([1, 2]), true), "s1 s2");
  // It failed to send 3; this one sent 3 and 4.
  equal(asked(dataset([1, 2, 3, 4], [2]), snapshot(4), dataset([1, 2]), true), "s3");
  // A first copy of a package that was cut before it came to this dataset.
  equal(asked(dataset([1, 2, 3]), snapshot(3), undefined, true), "s1 s2");
  // Several were killed since the last that ended: each may have held what came then.
  equal(asked(dataset([1, 2, 3, 4, 5], [2]), snapshot(5), dataset([1, 2, 3, 4]), true), "s2 s3 s4");
});

Deno.test("a copy of which no run ever came to the end: its oldest first, the others only where that was held", () => {
  equal(asked(dataset([1, 2, 3, 4, 5]), snapshot(5), dataset([1, 2, 3]), true), "s1 s3 s4 | s2");
  equal(asked(dataset([1, 2]), snapshot(2), dataset([1]), true), "s1");
});

const at = Date.UTC(2026, 10, 22);

/** A tree of one dataset with five snapshots of the user's, and runs between it and its copy, one after another. */
function pair() {
  const source = new Machine(1, "tank");
  const target = new Machine(2, "back");
  source.create("tank/a");
  for (const n of [1, 2, 3, 4, 5]) {
    source.write("tank/a");
    source.snapshot(["tank/a"], `user-${n}`);
  }
  let runs = 0;
  return {
    run: async (happenings: Happenings = {}, killed = false) => {
      source.write("tank/a");
      const told: ModelRun = { source, target, tops: ["tank/a", "back/a"], atMs: at + 1e6 * runs++, happenings };
      const end = new AbortController();
      // As a signal leaves it: nothing is looked after any more.
      const after = (stream: number) => happenings.fail?.(stream + 1) !== undefined && killed ? end.abort() : undefined;
      return await replicateOnModel({
        ...told,
        happenings: { ...happenings, after },
        input: { retries: 0, keep: { kind: "count", count: 99 } },
        ports: { signal: end.signal },
      });
    },
    held: () => source.get("tank/a").snapshots.filter(({ holds }) => holds.size > 0).map(({ name }) => name),
  };
}

Deno.test("a first copy that is cut holds what it needs to go on, and nothing for ever", async () => {
  const { run, held } = pair();
  await run({ cut: (stream) => stream === 1 ? { after: 1 } : undefined });
  deepStrictEqual(held(), ["incremental-2026-11-22T00:00:00Z"]);
  // The rest of that snapshot arrives, the further ones do not.
  await run({ fail: (stream) => stream === 1 ? linkDown : undefined });
  ok(!held().some((name) => name.startsWith("user-")));
  await run();
  deepStrictEqual(held(), []);
});

Deno.test("a first copy that is killed again and again leaves no hold once it is done", async () => {
  const { run, held } = pair();
  await run({ fail: (stream) => stream === 1 ? linkDown : undefined }, true);
  deepStrictEqual(held(), ["user-1", "incremental-2026-11-22T00:00:00Z"]);
  await run({ cut: (stream) => stream === 0 ? { after: 2 } : undefined });
  await run({ fail: (stream) => stream === 1 ? linkDown : undefined }, true);
  await run();
  deepStrictEqual(held(), []);
});

Deno.test("an ordinary cycle runs no command for holds but its own", async () => {
  const { run } = pair();
  await run();
  const { told } = await run();
  deepStrictEqual(told.filter((line) => /zfs holds/.test(line)), []);
});
