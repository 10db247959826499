import { deepEqual, equal, match } from "node:assert/strict";
import type { KnownSnapshots, KnownSnapshotsStore } from "../../../src/core/inspect/known_snapshots.ts";
import { wholeSource } from "../../../src/core/retention/foreign_snapshots.ts";
import { updateKnownSnapshots } from "../../../src/core/retention/known_source_snapshots.ts";
import type { RunEvent } from "../../../src/core/run/events.ts";
import type { ReplicateInput } from "../../../src/core/run/input.ts";
import { snapshotName } from "../../../src/zfs/names/bzman_names.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { parseGuid } from "../../../src/zfs/names/names.ts";
import { dataset } from "../make.ts";
import { Machine } from "../model/machine.ts";
import { receive } from "../model/receive.ts";
import { replicateOnModel } from "../model/replication.ts";
import { send } from "../model/stream.ts";

const own = { prefix: "incremental", adopt: false };

/** What was seen: `7: 1 2` for each dataset of the source. */
const shown = (seen: KnownSnapshots) => [...seen].map(([dataset, guids]) => `${dataset}: ${guids.join(" ")}`);

const seenOf = (entries: Readonly<Record<string, string>>): KnownSnapshots =>
  new Map(
    Object.entries(entries).map(([dataset, guids]) => [parseGuid(dataset), guids.split(" ").map(parseGuid)]),
  );

function see(before: Readonly<Record<string, string>>, source: readonly Dataset[], target: string): string[] {
  return shown(updateKnownSnapshots(seenOf(before), source, wholeSource(source), [dataset("backup", target)], own));
}

const a = (versions: string) => dataset("tank/a", versions, { guid: parseGuid("7") });
const b = (versions: string) => dataset("tank/b", versions, { guid: parseGuid("8") });

Deno.test("seen is what the source has, and of what it had as much as the target keeps", () => {
  deepEqual(see({}, [a("x:1 y:2")], ""), ["7: 1 2"]);
  deepEqual(see({ 7: "1 2 3" }, [a("z:3 w:4")], "y:2 z:3"), ["7: 2 3 4"]);
  deepEqual(see({ 7: "1" }, [a("")], "x:1"), ["7: 1"]);
  deepEqual(see({ 7: "1" }, [], "x:1"), ["7: 1"], "its dataset is gone");
  deepEqual(see({ 7: "1" }, [], ""), []);
  deepEqual(see({ 7: "1 2" }, [a(""), b("x:1")], "x:1 y:2"), ["8: 1", "7: 2"], "a promotion moved one");
});

Deno.test("what bzman made itself is not noted", () => {
  const made = a("x:1 y:2");
  const [x, y] = made.snapshots;
  const mixed = { ...made, snapshots: [{ ...x!, name: snapshotName("incremental", 0) }, y!] };
  deepEqual(see({}, [mixed], ""), ["7: 2"]);
});

/** A pair of machines with a record of what was seen, or without. */
function pair(records = true) {
  const source = new Machine(1, "tank");
  const target = new Machine(2, "back");
  let kept: KnownSnapshots = new Map();
  const store: KnownSnapshotsStore = {
    knownSnapshots: () => kept,
    storeKnownSnapshots: (_, seen) => void (kept = seen),
  };
  const notes: string[] = [];
  let runs = 0;
  return {
    source,
    target,
    notes,
    forget: () => void (kept = new Map()),
    run: async (input: Partial<ReplicateInput> = { foreignSnapshots: "follow-source" }) =>
      await replicateOnModel({
        source,
        target,
        tops: ["tank", "back/t"],
        atMs: Date.UTC(2026, 10, 22) + 1e6 * runs++,
        input,
        ports: {
          ...(records ? { knownSnapshots: store } : {}),
          listener: (event: RunEvent) => event.kind === "note" ? void notes.push(event.text) : undefined,
        },
      }),
    /** The user's snapshots on the target. */
    left: (name = "back/t/a") =>
      target.get(name).snapshots.map((snapshot) => snapshot.name).filter((word) => !word.startsWith("incremental-")),
  };
}

type Pair = ReturnType<typeof pair>;

/** `tank/a` with three snapshots of the user's. */
async function copied(pair: Pair, input: Partial<ReplicateInput> = {}): Promise<void> {
  pair.source.create("tank/a");
  for (const name of ["u1", "u2", "u3"]) {
    pair.source.write("tank/a");
    pair.source.snapshot(["tank/a"], name);
  }
  await pair.run(input);
}

Deno.test("follow-source destroys what was replicated and is gone from the source", async () => {
  const one = pair();
  await copied(one);
  one.source.destroySnapshot("tank/a@u2");
  const { pruned } = await one.run();
  deepEqual(one.left(), ["u1", "u3"]);
  equal(pruned?.foreignSnapshots, 0);
});

Deno.test("follow-source keeps what a promotion moved to another dataset of the source", async () => {
  const one = pair();
  await copied(one);
  one.source.clone("tank/a@u3", "tank/b");
  one.source.write("tank/b");
  await one.run();
  one.source.promote("tank/b");
  one.source.write("tank/a");
  for (let run = 0; run < 2; run++) {
    const { pruned } = await one.run({ foreignSnapshots: "follow-source" });
    deepEqual([one.left("back/t/a"), one.left("back/t/b")], [[], ["u1", "u2", "u3"]], "it is followed on the target");
    equal(pruned?.foreignSnapshots, 0);
  }
});

Deno.test("follow-source keeps what a promotion moved to a dataset that is left out", async () => {
  const one = pair();
  const input: Partial<ReplicateInput> = { foreignSnapshots: "follow-source", isExcluded: (name) => name === "tank/b" };
  await copied(one);
  one.source.clone("tank/a@u3", "tank/b");
  one.source.promote("tank/b");
  one.source.write("tank/a");
  await one.run(input);
  deepEqual(one.left(), ["u1", "u2", "u3"]);
});

Deno.test("follow-source keeps a snapshot that somebody took on the target, counts it and tells of it", async () => {
  const one = pair();
  await copied(one);
  // It holds no change, so what follows is received all the same.
  const createtxg = one.target.txg();
  await one.run();
  const { snapshots } = one.target.get("back/t/a");
  const of = snapshots.find(({ name }) => name === "u3")!;
  snapshots.splice(snapshots.length - 1, 0, { ...of, name: "monthly", guid: one.target.guid(), createtxg });
  one.source.destroySnapshot("tank/a@u1");
  const { pruned } = await one.run();
  deepEqual(one.left(), ["u2", "u3", "monthly"]);
  equal(pruned?.foreignSnapshots, 1);
  match(one.notes.join(), /1 foreign snapshot .*back\/t\/a@monthly.*by hand/);
});

Deno.test("what went after the record was lost, or before there was one, stays; what goes later follows", async () => {
  for (const one of [pair(), pair(false)]) {
    await copied(one);
    one.source.destroySnapshot("tank/a@u1");
    one.forget();
    const { pruned } = await one.run();
    deepEqual([one.left(), pruned?.foreignSnapshots], [["u1", "u2", "u3"], 1]);
  }
  const one = pair();
  await copied(one);
  one.forget();
  await one.run({});
  one.source.destroySnapshot("tank/a@u1");
  await one.run();
  deepEqual(one.left(), ["u2", "u3"]);
});

Deno.test("follow-source keeps what went with its dataset, where that was restored from the copy", async () => {
  const one = pair();
  await copied(one);
  one.source.destroyTree("tank/a");
  receive(one.source, ["zfs", "receive", "tank/a"], send(one.target, ["zfs", "send", "back/t/a@u3"]));
  one.source.write("tank/a");
  one.target.rollback("back/t/a@u3");
  const { pruned } = await one.run();
  deepEqual([one.left(), pruned?.foreignSnapshots], [["u1", "u2", "u3"], 2]);
  // From now on it follows what the new one loses.
  one.source.snapshot(["tank/a"], "u4");
  await one.run();
  one.source.destroySnapshot("tank/a@u3");
  await one.run();
  deepEqual(one.left(), ["u1", "u2", "u4"]);
});
