import assert from "node:assert/strict";
import { parseGuid } from "../../../src/zfs/names/names.ts";
import { Machine } from "../model/machine.ts";
import { linkDown, type ModelResult, type ModelRun, replicateOnModel } from "../model/replication.ts";

let atMs = Date.UTC(2026, 10, 22);

/** `tank/o` with a clone `tank/cl`, beside others, replicated to `back/t`; then the clone is promoted and all are written to. */
async function promotedPair() {
  const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
  for (const name of ["tank/o", "tank/o/below", "tank/x"]) source.create(name);
  source.snapshot(["tank/o"], "early");
  source.write("tank/o");
  source.snapshot(["tank/o"], "origin");
  source.clone("tank/o@origin", "tank/cl");
  const pair = { source, target };
  const write = () => source.tree("tank").forEach(({ name }) => source.write(name));
  write();
  await replicate(pair);
  source.promote("tank/cl");
  write();
  return pair;
}

function replicate(run: Partial<ModelRun> & Pick<ModelRun, "source" | "target">): Promise<ModelResult> {
  atMs += 1_000_000;
  return replicateOnModel({ tops: ["tank", "back/t"], atMs, ...run });
}

function faults({ state }: ModelResult): Record<string, string> {
  const failed = state.datasets.filter(({ fault }) => fault);
  return Object.fromEntries(failed.map(({ target, fault }) => [target, fault!.errorClass]));
}

function named(machine: Machine, dataset: string): string[] {
  return machine.get(dataset).snapshots.map(({ name }) => name).filter((name) => !name.startsWith("incremental"));
}

/** All of the source's GUIDs, dataset by dataset, are those of the target, with the same origins. */
function assertSame({ source, target }: { readonly source: Machine; readonly target: Machine }): void {
  const shape = (machine: Machine, top: string) =>
    machine.tree(top).map((dataset) => [
      dataset.name.slice(top.length),
      dataset.snapshots.map(({ guid }) => guid),
      dataset.origin?.guid,
    ]);
  assert.deepEqual(shape(target, "back/t"), shape(source, "tank"));
}

const isPromote = (line: string): boolean => line.includes("zfs promote");

Deno.test("a promotion is made on the target before anything is sent, and then all travels in one stream", async () => {
  const pair = await promotedPair();
  const { told, ...run } = await replicate(pair);
  assert.deepEqual(faults({ told, ...run }), {});
  assert.deepEqual(told.filter(isPromote), ["target: zfs promote back/t/cl"]);
  const streams = told.filter((line) => line.includes(" | "));
  assert.equal(streams.length, 1, told.join("\n"));
  assert.ok(told.findIndex(isPromote) < told.indexOf(streams[0]!));
  assert.deepEqual([named(pair.target, "back/t/cl"), named(pair.target, "back/t/o")], [["early", "origin"], []]);
  assertSame(pair);
});

Deno.test("then the origin's dataset is destroyed on the source, and its orphan depends on the copy, not the copy on it", async () => {
  const pair = await promotedPair();
  await replicate(pair);
  pair.source.destroyTree("tank/o");
  assert.deepEqual(faults(await replicate(pair)), {});
  pair.target.destroyTree("back/t/o");
  assert.deepEqual(named(pair.target, "back/t/cl"), ["early", "origin"]);
});

Deno.test("it is followed there and back", async () => {
  const pair = await promotedPair();
  await replicate(pair);
  pair.source.promote("tank/o");
  pair.source.write("tank/o");
  const back = await replicate(pair);
  assert.deepEqual(back.told.filter(isPromote), ["target: zfs promote back/t/o"]);
  assertSame(pair);
  for (const name of ["tank/cl", "tank/o"]) pair.source.promote(name);
  assert.deepEqual((await replicate(pair)).told.filter(isPromote), [], "promoted twice between two runs");
  assertSame(pair);
});

Deno.test("a promotion that is refused: all data arrives, and the clone is told to have failed, until it is made", async () => {
  const refused = "cannot promote 'back/t/cl': permission denied";
  for (const retries of [0, 2]) {
    const pair = await promotedPair();
    const denied = await replicate({
      ...pair,
      input: { retries },
      happenings: { answer: (_, argv) => argv[1] === "promote" ? { status: 1, stderr: refused } : undefined },
    });
    assert.deepEqual(faults(denied), { "back/t/cl": "permission-denied" });
    assert.deepEqual(denied.state.open(), []);
    assert.equal(denied.told.filter(isPromote).length, 1);
    assert.equal(pair.target.originName(pair.target.get("back/t/cl")), "back/t/o@origin");
    assert.deepEqual(faults(await replicate(pair)), {});
    assertSame(pair);
  }
});

Deno.test("a promotion that fails once for a passing reason is made by the same run", async () => {
  for (
    const answer of [{ status: 1, stderr: "cannot promote 'x': dataset is busy" }, {
      status: 255,
      connection: linkDown,
    }]
  ) {
    const pair = await promotedPair();
    let tries = 0;
    const run = await replicate({
      ...pair,
      happenings: { answer: (_, argv) => argv[1] === "promote" && tries++ === 0 ? answer : undefined },
    });
    assert.deepEqual(faults(run), {});
    assert.equal(tries, 2);
    assertSame(pair);
  }
});

Deno.test("snapshots that a promotion moved are pruned by the next run, and not told to be gone before", async () => {
  const pair = await promotedPair();
  for (let run = 0; run < 3; run++) await replicate({ ...pair, input: { keep: { kind: "count", count: 9 } } });
  pair.source.promote("tank/o");
  const promoting = await replicate({ ...pair, input: { keep: { kind: "count", count: 1 } } });
  const gone = promoting.pruned!.target.destroyed.filter(({ dataset }) => /\/(o|cl)$/.test(dataset));
  assert.deepEqual(gone, []);
  await replicate({ ...pair, input: { keep: { kind: "count", count: 1 } } });
  assertSame(pair);
});

Deno.test("snapshots that the source pruned move along where the record tells that it had them, else they bar the promotion", async () => {
  for (const isSeen of [true, false]) {
    const pair = await promotedPair();
    pair.source.destroySnapshot("tank/cl@early");
    const early = String(pair.target.get("back/t/o").snapshots[0]!.guid);
    const seen = {
      knownSnapshots: () => new Map([[parseGuid("1"), isSeen ? [parseGuid(early)] : []]]),
      storeKnownSnapshots: () => {},
    };
    const run = await replicate({ ...pair, ports: { knownSnapshots: seen } });
    assert.deepEqual(faults(run), {});
    assert.equal(run.told.filter(isPromote).length, isSeen ? 1 : 0);
    assert.deepEqual(named(pair.target, isSeen ? "back/t/cl" : "back/t/o"), ["early", "origin"]);
  }
});
