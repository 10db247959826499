import assert from "node:assert/strict";
import { tellingSnapshots } from "../../../src/core/engine/replica.ts";
import { Fault } from "../../../src/core/fault.ts";
import { fullName } from "../../../src/zfs/version.ts";
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

Deno.test("passing on a tree with a replica in it is refused, and the replica stays one", async () => {
  const { first, second } = await chain();
  // A snapshot that somebody made of the copy does not hide what it is.
  second.source.snapshot(["back/t/x"], "mine");
  const asked: (readonly string[])[] = [];
  const answer = (_: string, argv: readonly string[]) => {
    if (argv[0] === "zfs" && argv[1] === "get") asked.push(argv);
    return undefined;
  };
  const { parts } = await refused(replicateOnModel({ ...second, happenings: { answer } }));
  assert.equal(parts.exit, 3);
  assert.match(parts.why ?? "", /^back\/t is itself a replica/);
  assert.match(parts.next ?? "", /--exclude 't', .* bzman replicate --no-snapshot 'back\/t' 'HOST:far\/b\/t'/);
  assert.deepEqual(asked.map((argv) => argv.filter((word) => word.includes("@")).length), [3], "one question for all");
  second.source.destroySnapshot("back/t/x@mine");
  assert.deepEqual((await replicateOnModel(first)).tally.open(), []);
});

Deno.test("what the refusal says to type works, and nothing is asked of what is left out", async () => {
  const { first, second } = await chain();
  const isExcluded = (name: string): boolean => /^back\/t(?:\/|$)/.test(name);
  const others = await replicateOnModel({ ...second, input: { isExcluded } });
  assert.deepEqual(others.tally.open(), []);
  assert.deepEqual(others.told.filter((line) => line.startsWith("source: zfs get")), []);
  const passed = await replicateOnModel({ ...second, tops: ["back/t", "far/b/t"], input: { snapshot: false } });
  assert.deepEqual(passed.tally.open(), []);
  assert.ok(second.target.get("far/b/t/x").snapshots.length > 0);
  assert.deepEqual((await replicateOnModel(first)).tally.open(), []);
});

Deno.test("--no-snapshot above a replica says what to send instead", async () => {
  const { second } = await chain();
  const { parts } = await refused(replicateOnModel({ ...second, input: { snapshot: false } }));
  assert.match(parts.why ?? "", /back has no snapshot to send/);
  assert.match(parts.next ?? "", /^pass on by itself .* bzman replicate --no-snapshot 'back\/t' 'HOST:far\/b\/t'/);
});

Deno.test("a copy that was sent decrypted is known as a replica too, though its stream carried no property", async () => {
  const [a, b, c] = [new Machine(1, "tank"), new Machine(2, "back"), new Machine(3, "far")];
  a.create("tank/x", "filesystem", true);
  const first: ModelRun = { source: a, target: b, tops: ["tank/x", "back/x"], atMs: Date.UTC(2026, 10, 22) };
  await replicateOnModel({ ...first, input: { raw: "never" } });
  const second: ModelRun = { source: b, target: c, tops: ["back/x", "far/x"], atMs: first.atMs + 1_000_000 };
  assert.match((await refused(replicateOnModel(second))).parts.why ?? "", /^back\/x is itself a replica/);
});
