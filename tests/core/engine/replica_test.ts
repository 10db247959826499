import assert from "node:assert/strict";
import { tellingSnapshots } from "../../../src/core/engine/replica.ts";
import { Fault } from "../../../src/core/fault.ts";
import { fullName } from "../../../src/zfs/version.ts";
import { snapshot } from "../../zfs/sample.ts";
import { dataset } from "../make.ts";
import { Machine } from "../model/machine.ts";
import { type Between, runBetween, usualInput } from "../model/ports.ts";

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
async function chain(): Promise<{ first: Between; second: Between; asked: (readonly string[])[] }> {
  const [a, b, c] = [new Machine(1, "tank"), new Machine(2, "back"), new Machine(3, "far")];
  const asked: (readonly string[])[] = [];
  for (const name of ["tank/x", "tank/y"]) a.create(name);
  const first: Between = { source: a, target: b, now: Date.UTC(2026, 10, 22) };
  await runBetween(first, usualInput("tank", "back/t"));
  b.create("back/own");
  const second: Between = {
    source: b,
    target: c,
    now: first.now + 1_000_000,
    before: (side, argv) => {
      if (side === "source" && argv[0] === "zfs" && argv[1] === "get") asked.push(argv);
    },
  };
  return { first, second, asked };
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
  const { first, second, asked } = await chain();
  // A snapshot that somebody made of the copy does not hide what it is.
  second.source.snapshot(["back/t/x"], "mine");
  const { parts } = await refused(runBetween(second, usualInput("back", "far/b")));
  assert.equal(parts.exit, 3);
  assert.match(parts.why ?? "", /^back\/t is itself a replica/);
  assert.match(parts.next ?? "", /--exclude 't', .* bzman replicate --no-snapshot 'back\/t' 'HOST:far\/b\/t'/);
  assert.equal(asked.length, 1, "one question for all");
  assert.equal(asked[0]?.filter((word) => word.includes("@")).length, 3);
  second.source.destroySnapshot("back/t/x@mine");
  first.now += 2_000_000;
  const { tally } = await runBetween(first, usualInput("tank", "back/t"));
  assert.deepEqual(tally.open(), []);
});

Deno.test("what the refusal says to type works, and nothing is asked of what is left out", async () => {
  const { first, second, asked } = await chain();
  const others = { ...usualInput("back", "far/b"), isExcluded: (name: string) => /^back\/t(?:\/|$)/.test(name) };
  assert.deepEqual((await runBetween(second, others)).tally.open(), []);
  assert.deepEqual(asked, []);
  const passed = await runBetween(second, { ...usualInput("back/t", "far/b/t"), snapshot: false });
  assert.deepEqual(passed.tally.open(), []);
  assert.ok(second.target.get("far/b/t/x").snapshots.length > 0);
  first.now += 2_000_000;
  assert.deepEqual((await runBetween(first, usualInput("tank", "back/t"))).tally.open(), []);
});

Deno.test("--no-snapshot above a replica says what to send instead", async () => {
  const { second } = await chain();
  const { parts } = await refused(runBetween(second, { ...usualInput("back", "far/b"), snapshot: false }));
  assert.match(parts.why ?? "", /back has no snapshot to send/);
  assert.match(parts.next ?? "", /^pass on by itself .* bzman replicate --no-snapshot 'back\/t' 'HOST:far\/b\/t'/);
});
