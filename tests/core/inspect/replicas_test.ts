import assert from "node:assert/strict";
import { tellingSnapshots } from "../../../src/core/inspect/replicas.ts";
import { Fault } from "../../../src/core/fault.ts";
import { fullName } from "../../../src/zfs/names/version.ts";
import { snapshot } from "../../zfs/sample.ts";
import { dataset } from "../make.ts";
import { Machine } from "../model/machine.ts";
import { type ModelRun, replicateOnModel } from "../model/replication.ts";

Deno.test("the newest snapshot of bzman tells, of what is read-only", () => {
  const names = [
    "incremental-2026-11-22T03:00:00Z",
    "hourly-2026-11-22T04:00:00Z",
    "incremental-before-upgrade",
    "mine",
  ];
  const copy = (name: string, parts: readonly string[], readonly: boolean) =>
    dataset(name, "", { readonly, snapshots: parts.map((part, i) => snapshot(`${name}@${part}`, i + 1)) });
  const asked = [copy("back/a", names, true), copy("back/b", names, false), copy("back/c", ["mine"], true)];
  assert.deepEqual(tellingSnapshots(asked).map(fullName), ["back/a@hourly-2026-11-22T04:00:00Z"]);
});

/** A copy of `tank` at `back/t`, and a third machine to which `back` is to go. */
async function chain(): Promise<{ first: ModelRun; second: ModelRun }> {
  const [a, b, c] = [new Machine(1, "tank"), new Machine(2, "back"), new Machine(3, "far")];
  for (const name of ["tank/x", "tank/y"]) a.create(name);
  const first: ModelRun = { source: a, target: b, tops: ["tank", "back/t"], atMs: Date.UTC(2026, 10, 22) };
  await replicateOnModel(first);
  b.create("back/own");
  const second: ModelRun = { source: b, target: c, tops: ["back", "far/b"], atMs: first.atMs + 1_000_000 };
  return { first: { ...first, atMs: first.atMs + 2_000_000 }, second };
}

async function refused(run: Promise<unknown>): Promise<Fault> {
  try {
    await run;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

Deno.test("a replica in the tree is left alone and stays one, and all else is copied", async () => {
  const { first, second } = await chain();
  // A snapshot that somebody made of the copy does not hide what it is.
  second.source.snapshot(["back/t/x"], "mine");
  const before = ["back/t", "back/t/x"].map((name) => second.source.get(name).snapshots.length);
  const run = await replicateOnModel(second);
  const told = run.state.datasets.map(({ target, fault }) => [target, fault?.errorClass ?? "ok"]);
  assert.deepEqual(Object.fromEntries(told), {
    "far/b": "ok",
    "far/b/own": "ok",
    "far/b/t": "source-is-replica",
    "far/b/t/x": "source-is-replica",
    "far/b/t/y": "source-is-replica",
  });
  const next = run.state.datasets.find(({ target }) => target === "far/b/t")?.fault?.next ?? "";
  assert.match(next, /--exclude t\n.*: bzman replicate :back\/t ann@backup:far\/b\/t .*--no-snapshot\n/);
  const asked = run.told.filter((line) => line.startsWith("source: zfs get"));
  assert.deepEqual(asked.map((line) => line.split("@").length - 1), [3], "one question for all");
  assert.deepEqual(["back/t", "back/t/x"].map((name) => second.source.get(name).snapshots.length), before);
  assert.deepEqual([...second.target.datasets.keys()].sort(), ["far", "far/b", "far/b/own"]);
  second.source.destroySnapshot("back/t/x@mine");
  assert.deepEqual((await replicateOnModel(first)).state.open(), []);
});

/** `tank/arch`, destroyed and restored from its copy, still read-only. */
async function restored(): Promise<ModelRun> {
  const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
  for (const name of ["tank/a", "tank/arch", "tank/b"]) {
    source.create(name);
    source.write(name);
  }
  const run: ModelRun = { source, target, tops: ["tank", "back/t"], atMs: Date.UTC(2026, 10, 22) };
  await replicateOnModel(run);
  source.destroyTree("tank/arch");
  const back: ModelRun = { ...run, source: target, target: source, tops: ["back/t/arch", "tank/arch"] };
  await replicateOnModel({ ...back, atMs: run.atMs + 1_000_000, input: { snapshot: false } });
  source.write("tank/b");
  return { ...run, atMs: run.atMs + 2_000_000 };
}

Deno.test("a child that was restored and is still read-only fails alone, and is copied again once it is writable", async () => {
  const run = await restored();
  const { state, told } = await replicateOnModel(run);
  const failed = state.datasets.filter(({ fault }) => fault);
  assert.deepEqual(failed.map(({ target, fault }) => [target, fault?.errorClass]), [[
    "back/t/arch",
    "source-is-replica",
  ]]);
  assert.match(
    failed[0]?.fault?.next ?? "",
    /^if it was restored here and is in use: .* zfs set readonly=off tank\/arch$/m,
  );
  assert.equal(told.filter((line) => line.includes(" | ")).length, 1, "the others travel together");
  run.source.get("tank/arch").properties.delete("readonly");
  const again = await replicateOnModel({ ...run, atMs: run.atMs + 1_000_000 });
  assert.deepEqual(again.state.datasets.filter(({ fault }) => fault), []);
  assert.equal(
    run.target.get("back/t/arch").snapshots.at(-1)?.guid,
    run.source.get("tank/arch").snapshots.at(-1)?.guid,
  );
});

Deno.test("a replica that was renamed is not followed on the target either", async () => {
  const run = await restored();
  run.source.rename("tank/arch", "tank/archive");
  const { state } = await replicateOnModel(run);
  assert.deepEqual(state.datasets.flatMap(({ target, fault }) => fault ? [target] : []), ["back/t/archive"]);
  assert.ok(run.target.datasets.has("back/t/arch"));
});

Deno.test("what is said to type works, and nothing is asked of what is left out", async () => {
  const { first, second } = await chain();
  const isExcluded = (name: string): boolean => /^back\/t(?:\/|$)/.test(name);
  const others = await replicateOnModel({ ...second, input: { isExcluded } });
  assert.deepEqual(others.state.open(), []);
  assert.deepEqual(others.told.filter((line) => line.startsWith("source: zfs get")), []);
  const passed = await replicateOnModel({ ...second, tops: ["back/t", "far/b/t"], input: { snapshot: false } });
  assert.deepEqual(passed.state.open(), []);
  assert.ok(second.target.get("far/b/t/x").snapshots.length > 0);
  assert.deepEqual((await replicateOnModel(first)).state.open(), []);
});

Deno.test("--no-snapshot above a replica says what to send instead", async () => {
  const { second } = await chain();
  const { parts } = await refused(replicateOnModel({ ...second, input: { snapshot: false } }));
  assert.match(parts.why ?? "", /back has no snapshot to send/);
  assert.match(
    parts.next ?? "",
    /^replicate only the part .*: bzman replicate :back\/t ann@backup:far\/b\/t .*--no-snapshot$/m,
  );
});

Deno.test("a copy that was sent decrypted is known as a replica too, though its stream carried no property", async () => {
  const [a, b, c] = [new Machine(1, "tank"), new Machine(2, "back"), new Machine(3, "far")];
  a.create("tank/x", "filesystem", true);
  const first: ModelRun = { source: a, target: b, tops: ["tank/x", "back/x"], atMs: Date.UTC(2026, 10, 22) };
  await replicateOnModel({ ...first, input: { raw: "never" } });
  const second: ModelRun = { source: b, target: c, tops: ["back/x", "far/x"], atMs: first.atMs + 1_000_000 };
  assert.match((await refused(replicateOnModel(second))).parts.why ?? "", /^back\/x is itself a replica/);
});
