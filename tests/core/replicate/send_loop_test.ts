import assert from "node:assert/strict";
import type { Replicated } from "../../../src/core/replicate/replicate.ts";
import type { Outcome } from "../../../src/core/ports.ts";
import { run as command } from "../model/commands.ts";
import { Machine } from "../model/machine.ts";
import { linkDown, type ModelResult, type ModelRun, replicateOnModel } from "../model/replication.ts";

const atMs = Date.UTC(2026, 10, 22);
const failed = "cannot receive: failed to read from stream";

/** A pool `tank` with filesystems that hold something, and an empty pool `back`. */
function machines(...names: string[]): { readonly source: Machine; readonly target: Machine } {
  const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
  source.write("tank");
  write(source, ...names);
  return { source, target };
}

/** Writes to filesystems, new ones or old. */
function write(machine: Machine, ...names: string[]): void {
  for (const name of names) {
    if (!machine.datasets.has(name)) machine.create(name);
    machine.write(name);
  }
}

/** Replicates `tank` to `back/t`. */
function replicate(run: Partial<ModelRun> & Pick<ModelRun, "source" | "target">): Promise<ModelResult> {
  return replicateOnModel({ tops: ["tank", "back/t"], atMs, ...run });
}

/** Every dataset that did not get what it needs, with the class of its fault. */
function faults({ state }: Replicated): Record<string, string> {
  const open = state.datasets.filter(({ fault }) => fault);
  return Object.fromEntries(open.map(({ target, fault }) => [target, fault!.errorClass]));
}

const commands = ({ told }: ModelResult, word: string): string[] => told.filter((line) => line.includes(word));

/** The copies are mounted, and nothing was written to them but directories. */
function harmless(argv: readonly string[], machine: Machine): Partial<Outcome> | undefined {
  if (argv[1] === "diff" || argv.includes("name,mountpoint")) return { stdout: "" };
  const columns = argv[argv.indexOf("-o") + 1]?.split(",") ?? [];
  if (!columns.includes("mounted")) return undefined;
  const rows = command(machine, argv).stdout.trimEnd().split("\n").map((row) => row.split("\t"));
  return { stdout: rows.map((row) => `${row.with(columns.indexOf("mounted"), "yes").join("\t")}\n`).join("") };
}

Deno.test("a link that dies under a package and stays down ends the run within five minutes", async () => {
  for (const [retries, least, most] of [[0, 0, 0], [3, 10_000, 5 * 60_000]] as const) {
    let isDown = false;
    const run = await replicate({
      ...machines("tank/a", "tank/b", "tank/c"),
      input: { retries },
      happenings: {
        fail: () => {
          isDown = true;
          return linkDown;
        },
        answer: (side): Partial<Outcome> | undefined =>
          isDown && side === "target" ? { status: 255, connection: linkDown } : undefined,
      },
    });
    const expected = Object.fromEntries(
      ["back/t", "back/t/a", "back/t/b", "back/t/c"].map((name) => [name, "ssh-unreachable"]),
    );
    assert.deepEqual(faults(run), expected);
    assert.ok(run.tookMs >= least && run.tookMs <= most, `${run.tookMs} ms`);
  }
});

Deno.test("after a lost link what is left of a package travels together again", async () => {
  const pair = machines("tank/a", "tank/b", "tank/c", "tank/d");
  const run = await replicate({ ...pair, happenings: { fail: (stream) => stream === 0 ? linkDown : undefined } });
  assert.deepEqual(faults(run), {});
  assert.equal(commands(run, " | ").length, 2, run.told.join("\n"));
});

Deno.test("a dataset that is renamed while its package is sent fails alone, and at once", async () => {
  const pair = machines("tank/a", "tank/b", "tank/c");
  const run = await replicate({
    ...pair,
    input: { retries: 0 },
    happenings: {
      fail: (stream) => {
        if (stream !== 0) return undefined;
        pair.source.rename("tank/c", "tank/z");
        return "cannot send 'tank': tank/c@x does not exist";
      },
    },
  });
  assert.deepEqual(faults(run), { "back/t/c": "dataset-vanished" });
  assert.ok(run.tookMs < 60_000, `${run.tookMs} ms`);
});

Deno.test("what was empty when the run began is not received over once somebody filled it", async () => {
  const pair = machines("tank/a");
  await replicate(pair);
  write(pair.source, "tank/z");
  pair.target.create("back/t/z");
  const run = await replicate({
    ...pair,
    atMs: atMs + 1_000_000,
    happenings: { after: (stream) => stream === 0 ? pair.target.write("back/t/z") : undefined },
  });
  assert.deepEqual(faults(run), { "back/t/z": "foreign-data" });
  assert.deepEqual(pair.target.get("back/t/z").snapshots, []);

  const again = machines();
  const retried = await replicate({
    ...again,
    tops: ["tank", "back"],
    happenings: {
      fail: (stream) => {
        if (stream !== 0) return undefined;
        again.target.write("back");
        return failed;
      },
    },
  });
  assert.deepEqual(faults(retried), { back: "foreign-data" });
  assert.equal(commands(retried, " -F ").length, 1);
});

Deno.test("a rollback discards what was said, and nothing that came since", async () => {
  for (const policy of ["refuse", "rollback"] as const) {
    const pair = machines("tank/a", "tank/b");
    await replicate(pair);
    write(pair.source, "tank/a", "tank/b");
    pair.target.write("back/t/b");
    const copy = pair.target.get("back/t/b");
    const run = await replicate({
      ...pair,
      atMs: atMs + 1_000_000,
      input: { onDivergence: policy, retries: 0 },
      happenings: {
        answer: (side, argv) => side === "target" && policy === "refuse" ? harmless(argv, pair.target) : undefined,
        after: (stream) => stream === 0 ? pair.target.snapshot(["back/t/b"], "precious") : undefined,
      },
    });
    assert.deepEqual(faults(run), { "back/t/b": "target-modified" }, policy);
    assert.deepEqual(commands(run, "rollback"), [], policy);
    assert.equal(copy.snapshots.at(-1)?.name, "precious", policy);
  }
});

Deno.test("what has arrived is not set aside while another is tried again", async () => {
  const pair = machines("tank/a", "tank/b");
  await replicate(pair);
  write(pair.source, "tank/a", "tank/b");
  const run = await replicate({
    ...pair,
    atMs: atMs + 1_000_000,
    input: { onDivergence: "keep-both" },
    happenings: {
      // The package comes apart; of the three streams the last fails once more, and by then somebody's cron was there.
      fail: (stream) => stream === 0 || stream === 3 ? failed : undefined,
      after: (stream) => stream === 2 ? pair.target.snapshot(["back/t/a"], "auto-hourly") : undefined,
    },
  });
  assert.deepEqual(faults(run), {});
  assert.deepEqual([...pair.target.datasets.keys()].sort(), ["back", "back/t", "back/t/a", "back/t/b"]);
  for (const name of ["a", "b"]) {
    const guids = pair.target.get(`back/t/${name}`).snapshots.map(({ guid }) => guid);
    assert.ok(guids.includes(pair.source.get(`tank/${name}`).snapshots.at(-1)!.guid), name);
  }
});

Deno.test("a rename that fails on the target is no success of what was renamed", async () => {
  const pair = machines("tank/a");
  await replicate(pair);
  pair.source.rename("tank/a", "tank/z");
  const run = await replicate({
    ...pair,
    atMs: atMs + 1_000_000,
    input: { snapshot: false },
    happenings: {
      answer: (_, argv) => argv[1] === "rename" ? { status: 1, stderr: "cannot rename: permission denied" } : undefined,
    },
  });
  assert.deepEqual(faults(run), { "back/t/z": "permission-denied" });
});

/** `tank/a` is called `tank/z` by now, with nothing new to send, and `tank/b` has. */
async function renamedPair() {
  const pair = machines("tank/a", "tank/b");
  await replicate(pair);
  pair.source.rename("tank/a", "tank/z");
  pair.source.snapshot(["tank/b"], "mine");
  return pair;
}

const busy = "cannot unmount '/back/t/a': pool or dataset is busy";

Deno.test("nor is it one after another dataset was tried again, when it fails each time", async () => {
  for (const stderr of [busy, "cannot rename: permission denied"]) {
    const pair = await renamedPair();
    const run = await replicate({
      ...pair,
      atMs: atMs + 1_000_000,
      input: { snapshot: false },
      happenings: { ...renameFails(() => true, stderr), fail: (stream) => stream === 0 ? linkDown : undefined },
    });
    assert.deepEqual(faults(run), { "back/t/z": stderr === busy ? "busy" : "permission-denied" });
    assert.ok(pair.target.datasets.has("back/t/a"));
    assert.equal(commands(run, "zfs rename").length, stderr === busy ? 5 : 1, run.told.join("\n"));
  }
});

Deno.test("a rename that fails once for a passing reason is made by the same run, also with nothing to send", async () => {
  for (const withStream of [true, false]) {
    const pair = await renamedPair();
    if (!withStream) pair.source.destroySnapshot("tank/b@mine");
    const happenings = renameFails((rename) => rename === 0, busy);
    const run = await replicate({ ...pair, atMs: atMs + 1_000_000, input: { snapshot: false }, happenings });
    assert.deepEqual(faults(run), {});
    assert.deepEqual(run.state.open(), []);
    assert.equal(
      run.state.datasets.find(({ target }) => target === "back/t/z")?.at?.name,
      "incremental-2026-11-22T00:00:00Z",
    );
    assert.deepEqual([...pair.target.datasets.keys()].sort(), ["back", "back/t", "back/t/b", "back/t/z"]);
    assert.equal(commands(run, "zfs rename").length, 2);
  }
});

Deno.test("a rename below a new dataset waits for that, also when its stream is cut", async () => {
  const pair = machines("tank/a");
  await replicate(pair);
  write(pair.source, "tank/n");
  pair.source.rename("tank/a", "tank/n/a");
  pair.source.snapshot(["tank/n"], "mine");
  const copy = pair.target.get("back/t/a");
  const cut = (stream: number) => stream === 0 ? linkDown : undefined;
  const run = await replicate({
    ...pair,
    atMs: atMs + 1_000_000,
    input: { snapshot: false },
    happenings: { fail: cut },
  });
  assert.deepEqual(faults(run), {});
  assert.equal(copy.name, "back/t/n/a");
});

Deno.test("a rename below an empty dataset waits until that is received over, also when its stream fails", async () => {
  for (const failing of [-1, 2]) {
    const pair = machines("tank/a", "tank/b");
    await replicate(pair);
    write(pair.source, "tank/n");
    pair.source.rename("tank/a", "tank/n/a");
    pair.target.create("back/t/n");
    const copy = pair.target.get("back/t/a");
    const fail = (stream: number) => stream === failing ? linkDown : undefined;
    const run = await replicate({ ...pair, atMs: atMs + 1_000_000, happenings: { fail } });
    assert.deepEqual(faults(run), {}, run.told.join("\n"));
    assert.equal(copy.name, "back/t/n/a");
    assert.equal(commands(run, "| zfs receive").filter((line) => line.includes(" -F ")).length, failing < 0 ? 1 : 2);
  }
});

/** `tank/a` and `tank/b`, replicated, and then called each by the other's name; each copy has a file that tells which it is. */
async function swappedPair() {
  const pair = machines("tank/a", "tank/a/same", "tank/b", "tank/b/same");
  await replicate(pair);
  const copies = { a: pair.target.get("back/t/a"), b: pair.target.get("back/t/b") };
  for (const [from, to] of [["a", "c"], ["b", "a"], ["c", "b"]]) pair.source.rename(`tank/${from}`, `tank/${to}`);
  write(pair.source, "tank/a", "tank/a/same", "tank/b", "tank/b/same");
  return { pair, copies };
}

/** Fails some of the renames on the target, counted from 0. */
function renameFails(which: (rename: number) => boolean, stderr: string) {
  let count = 0;
  return {
    answer: (_: string, argv: readonly string[]): Partial<Outcome> | undefined =>
      argv[1] === "rename" && which(count++) ? { status: 1, stderr } : undefined,
  };
}

Deno.test("two that exchanged their names do so on the target, and nothing is sent again", async () => {
  const { pair, copies } = await swappedPair();
  const run = await replicate({ ...pair, atMs: atMs + 1_000_000 });
  assert.deepEqual(faults(run), {});
  assert.deepEqual([copies.a.name, copies.b.name], ["back/t/b", "back/t/a"]);
  assert.equal(commands(run, " | ").length, 1, run.told.join("\n"));
});

Deno.test("a swap that is broken off anywhere is finished by the next run, and touches nothing by a wrong name", async () => {
  for (const broken of [0, 1, 2]) {
    const { pair, copies } = await swappedPair();
    const policy = { onDivergence: "rollback" as const, retries: 0 };
    for (const copy of [copies.a, copies.b]) pair.target.write(copy.name);
    const written = [copies.a.content, copies.b.content];
    const denied = renameFails((rename) => rename >= broken, "cannot rename: permission denied");
    const first = await replicate({ ...pair, atMs: atMs + 1_000_000, input: policy, happenings: denied });
    assert.equal(faults(first)["back/t/a"], "permission-denied", `step ${broken}`);
    assert.equal(faults(first)["back/t/a/same"], "permission-denied");
    // The first of the two was at its place before the last rename failed, and was rolled back there as it was asked for.
    assert.equal(copies.a.content === written[0], broken < 2);
    assert.equal(copies.b.content, written[1]);
    const second = await replicate({ ...pair, atMs: atMs + 2_000_000, input: policy });
    assert.deepEqual(faults(second), {});
    assert.deepEqual([copies.a.name, copies.b.name], ["back/t/b", "back/t/a"]);
    const names = ["back", "back/t", "back/t/a", "back/t/a/same", "back/t/b", "back/t/b/same"];
    assert.deepEqual([...pair.target.datasets.keys()].sort(), names);
  }
});

Deno.test("a dataset that is busy while a swap is followed: the same run tries again, and does all of it", async () => {
  for (const busy of [0, 1, 2]) {
    const { pair, copies } = await swappedPair();
    const happenings = renameFails((rename) => rename === busy, "cannot rename 'x': dataset is busy");
    const run = await replicate({ ...pair, atMs: atMs + 1_000_000, happenings });
    assert.deepEqual(faults(run), {}, `step ${busy}`);
    assert.deepEqual([copies.a.name, copies.b.name], ["back/t/b", "back/t/a"]);
  }
});

Deno.test("a new dataset under the name of a renamed one is not sent into the copy of that", async () => {
  const pair = machines("tank/db");
  await replicate(pair);
  const copy = pair.target.get("back/t/db");
  pair.source.rename("tank/db", "tank/db-old");
  write(pair.source, "tank/db", "tank/db/logs");
  const denied = renameFails(() => true, "cannot rename: permission denied");
  const first = await replicate({ ...pair, atMs: atMs + 1_000_000, happenings: denied });
  assert.deepEqual(faults(first), {
    "back/t/db": "permission-denied",
    "back/t/db-old": "permission-denied",
    "back/t/db/logs": "permission-denied",
  });
  assert.equal(copy.name, "back/t/db");
  const second = await replicate({ ...pair, atMs: atMs + 2_000_000 });
  assert.deepEqual(faults(second), {});
  assert.equal(copy.name, "back/t/db-old");
  assert.deepEqual(second.state.datasets.find(({ target }) => target === "back/t/db-old")?.kinds, ["incremental"]);
});

Deno.test("what was set aside was empty: the copy in its place is none, and goes on after a cut without force", async () => {
  for (const [type, ownKey] of [["volume", false], ["filesystem", true]] as const) {
    const pair = machines();
    await replicate(pair);
    pair.source.create("tank/a", type, ownKey);
    pair.source.write("tank/a");
    pair.target.create("back/t/a");
    const run = await replicate({
      ...pair,
      atMs: atMs + 1e6,
      input: { onForeign: "keep-both" },
      happenings: { cut: (stream) => stream === 1 ? { after: 0 } : undefined },
    });
    assert.deepEqual(faults(run), {});
    assert.deepEqual(commands(run, " -F "), []);
  }
});

Deno.test("where only a bookmark of others is left of what both sides have, no run fails for want of a bookmark of its own", async () => {
  const pair = machines();
  pair.source.snapshot(["tank"], "one");
  pair.source.write("tank");
  pair.source.snapshot(["tank"], "two");
  await replicate({ ...pair, input: { snapshot: false } });
  const { source } = pair;
  source.bookmark("tank@two", "syncoid");
  source.get("tank").bookmarks = source.get("tank").bookmarks.filter(({ name }) => name === "syncoid");
  source.destroySnapshot("tank@two");
  const run = await replicate({ ...pair, atMs: atMs + 1e6, input: { snapshot: false } });
  assert.deepEqual(run.faults, []);
  // The chain goes on from there.
  source.write("tank");
  const next = await replicate({ ...pair, atMs: atMs + 2e6 });
  assert.deepEqual([faults(next), next.faults], [{}, []]);
});

Deno.test("nothing is received below the half of a first copy that this run does not go on with", async () => {
  const pair = machines("tank/a", "tank/a/b");
  // The half of tank/a stays there when the run ends.
  const cut = (stream: number) => [{ after: 1 }, { after: 0 }][stream];
  await replicate({ ...pair, input: { retries: 0 }, happenings: { cut } });
  const half = pair.target.get("back/t/a");
  assert.equal(half.snapshots.length, 0);
  const run = await replicate({
    ...pair,
    atMs: atMs + 1e6,
    input: { retries: 2 },
    happenings: {
      fail: (stream) =>
        stream === 1 ? "cannot receive resume stream: destination back/t/a space quota exceeded." : undefined,
    },
  });
  assert.deepEqual(faults(run), { "back/t/a": "quota-exceeded", "back/t/a/b": "parent-missing" });
  assert.deepEqual(commands(run, "receive").filter((line) => line.endsWith(" back/t/a/b")), []);
  const after = await replicate({ ...pair, atMs: atMs + 2e6 });
  assert.deepEqual(faults(after), {});
});
