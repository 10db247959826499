import { deepStrictEqual, equal, ok, rejects } from "node:assert/strict";
import { mayBeHeld, mayBeHeldAtFirst } from "../../../src/core/protect/stale_holds.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { parseGuid } from "../../../src/zfs/names/names.ts";
import { bookmarkName } from "../../../src/zfs/names/bzman_names.ts";
import { fullName, type Snapshot } from "../../../src/zfs/names/version.ts";
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
  equal(asked(dataset([1, 2, 3], [2]), snapshot(3), dataset([1, 2])), "");
  equal(asked(dataset([1, 2], [2]), snapshot(2), dataset([1, 2])), "");
});

Deno.test("a first copy into an empty target asks about the top alone; about all, where an earlier one held something of that", () => {
  const below = made("tank/s/a", "s1:11 s2:12 s3:13");
  const arrived = [dataset([1, 2, 3]), below].map((one) => ({ dataset: one, at: one.snapshots[2]! }));
  const { likely, further } = mayBeHeldAtFirst(arrived, arrived[0]!.dataset.name);
  deepStrictEqual(likely.map(fullName), ["tank/s@s1", "tank/s@s2"]);
  deepStrictEqual(further.map(fullName), ["tank/s/a@s1", "tank/s/a@s2"]);
});

Deno.test("what an earlier run did not get to the end of may be held", () => {
  // It sent 2 and was killed before its bookmark.
  equal(asked(dataset([1, 2], [1]), snapshot(2), dataset([1, 2])), "s1 s2");
  // It failed to send 3; this one sent 3 and 4.
  equal(asked(dataset([1, 2, 3, 4], [2]), snapshot(4), dataset([1, 2])), "s3");
  // A first copy of a package that was cut before it came to this dataset.
  equal(asked(dataset([1, 2, 3]), snapshot(3), undefined), "s1 s2");
  // It began anew from where the one before it had ended, and was killed when that had arrived.
  equal(asked(dataset([1, 2], [1]), snapshot(2), dataset([1])), "s1");
  // Several were killed since the last that ended: each may have held what came then.
  equal(asked(dataset([1, 2, 3, 4, 5], [2]), snapshot(5), dataset([1, 2, 3, 4])), "s1 s2 s3 s4");
});

Deno.test("a copy of which no run ever came to the end: its oldest first, the others only where that was held", () => {
  equal(asked(dataset([1, 2, 3, 4, 5]), snapshot(5), dataset([1, 2, 3])), "s1 s3 s4 | s2");
  equal(asked(dataset([1, 2]), snapshot(2), dataset([1])), "s1");
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

Deno.test("a first copy of which nothing arrived, or that was begun anew, leaves no hold for ever", async () => {
  const source = new Machine(1, "tank");
  const target = new Machine(2, "back");
  for (const name of ["tank/s", "tank/s/a"]) source.create(name);
  let atMs = at;
  const run = (asked: Partial<ModelRun>) =>
    replicateOnModel({ source, target, tops: ["tank/s", "back/s"], atMs: atMs += 1e6, ...asked });
  const held = () =>
    source.tree("tank/s").flatMap(({ name, snapshots }) =>
      snapshots.filter(({ holds }) => holds.size > 0).map((one) => `${name}@${one.name}`)
    );
  const user = (name: string, prefix = "user") => {
    for (const each of ["tank/s", "tank/s/a"]) source.write(each);
    source.snapshot(["tank/s", "tank/s/a"], `${prefix}-${name}`);
  };
  const denied = "cannot receive new filesystem stream: permission denied";
  user("1");
  await run({ input: { snapshot: false }, happenings: { fail: () => denied } });
  deepStrictEqual(held(), ["tank/s@user-1", "tank/s/a@user-1"]);
  user("2");
  await run({});
  deepStrictEqual(held(), []);

  // Somebody writes to the copy; the run that copies anew is killed when that has arrived.
  target.write("back/s/a");
  const killed = new Error("killed");
  const after = (stream: number) => {
    if (stream === 2) throw killed;
  };
  const input = { onDivergence: "keep-both" as const };
  await rejects(run({ input, happenings: { after } }), killed);
  user("3");
  await run({ input });
  deepStrictEqual(held(), []);
});

Deno.test("an ordinary cycle runs no command for holds but its own", async () => {
  const { run } = pair();
  await run();
  const { told } = await run();
  deepStrictEqual(told.filter((line) => /zfs holds/.test(line)), []);
});
