import assert from "node:assert/strict";
import { freeName, laterName } from "../../../src/core/replicate/make_snapshot.ts";
import { Fault } from "../../../src/core/fault.ts";
import { Machine } from "../model/machine.ts";
import { type ModelResult, type ModelRun, replicateOnModel } from "../model/replication.ts";

const begin = Date.UTC(2026, 10, 22, 3);
const at = (seconds: number): string => laterName("incremental-2026-11-22T03:00:00Z", "incremental", seconds);

Deno.test("a name that is taken gives way to that of the next second", () => {
  assert.equal(at(-1), "incremental-2026-11-22T02:59:59Z");
  assert.equal(freeName(at(0), "incremental", () => false), at(0));
  const taken = [at(0), at(1), at(3)];
  assert.equal(freeName(at(0), "incremental", (name) => taken.includes(name)), at(2));
  assert.throws(() => laterName("mine", "incremental", 1), RangeError);
});

/** A source with a child, and a target. */
function twoMachines(): Pick<ModelRun, "source" | "target"> {
  const [source, target] = [new Machine(1, "tank"), new Machine(2, "back", "other")];
  source.create("tank/a");
  source.write("tank/a");
  return { source, target };
}

/** Replicates `tank` to `top`, and keeps everything. */
function replicate(
  machines: Pick<ModelRun, "source" | "target">,
  top: string,
  told: Partial<ModelRun> = {},
): Promise<ModelResult> {
  const keep = { kind: "age", ms: 86_400_000 } as const;
  return replicateOnModel({ ...machines, tops: ["tank", top], atMs: begin, ...told, input: { keep, ...told.input } });
}

/** Lets `other` happen between the listing and the snapshot, once. */
function meanwhile(other: () => void): NonNullable<ModelRun["happenings"]> {
  let done = false;
  const answer = (side: string, argv: readonly string[]) => {
    if (!done && side === "source" && argv[1] === "snapshot") {
      done = true;
      other();
    }
    return undefined;
  };
  return { answer };
}

const names = ({ source }: Pick<ModelRun, "source">, dataset: string): string[] =>
  source.get(dataset).snapshots.map(({ name }) => name);

Deno.test("two jobs of one source that begin in the same second both succeed", async (test) => {
  const machines = twoMachines();
  const first = await replicate(machines, "back/t");
  await test.step("the later one has listed what the earlier one made", async () => {
    const second = await replicate(machines, "other/t", { atMs: begin + 400 });
    assert.deepEqual([first.snapshot, second.snapshot], [at(0), at(1)]);
    assert.deepEqual(second.state.datasets.map((account) => account.at?.name), [at(1), at(1)]);
    assert.deepEqual(names(machines, "tank/a"), [at(0), at(1)]);
  });
  await test.step("or has not", async () => {
    const racing = twoMachines();
    const happenings = meanwhile(() => racing.source.snapshot(["tank", "tank/a"], at(0)));
    const { snapshot, state } = await replicate(racing, "back/t", { happenings });
    assert.equal(snapshot, at(1));
    assert.deepEqual(state.open(), []);
    assert.deepEqual(racing.target.get("back/t/a").snapshots.at(-1)?.name, at(1));
  });
  await test.step("with datasets left out", async () => {
    const racing = twoMachines();
    racing.source.create("tank/out");
    const { snapshot, state } = await replicate(racing, "back/t", {
      input: { isExcluded: (name) => name === "tank/out" },
      happenings: meanwhile(() => racing.source.snapshot(["tank"], at(0))),
    });
    assert.equal(snapshot, at(1));
    assert.deepEqual(state.open(), []);
    assert.deepEqual(names(racing, "tank/a"), [at(1)]);
    assert.deepEqual(names(racing, "tank/out"), []);
  });
  await test.step("and again to the same target", async () => {
    const { snapshot, state } = await replicate(machines, "back/t", { atMs: begin + 800 });
    assert.equal(snapshot, at(2));
    assert.deepEqual(state.open(), []);
  });
});

Deno.test("the first copy into a pool's root, whose base has a name one second earlier", async (test) => {
  const cases: readonly (readonly [string, readonly number[], readonly number[]])[] = [
    ["nothing is taken", [], [-1, 0]],
    ["the base's name is", [-1], [0, 1]],
    ["both are", [-1, 0], [1, 2]],
    ["the snapshot's alone is", [0], [-1, 1]],
  ];
  for (const [title, taken, made] of cases) {
    for (const isListed of [true, false]) {
      await test.step(`${title}, ${isListed ? "and listed" : "since the listing"}`, async () => {
        const machines = twoMachines();
        const take = (): void => taken.forEach((second) => machines.source.snapshot(["tank", "tank/a"], at(second)));
        if (isListed) take();
        const { state, snapshot } = await replicate(machines, "back", isListed ? {} : { happenings: meanwhile(take) });
        assert.deepEqual(state.open(), []);
        assert.equal(snapshot, at(made[1]!));
        assert.deepEqual(names(machines, "tank"), [...taken, ...made].map(at));
        assert.deepEqual(names(machines, "tank/a"), [...taken, made[1]!].map(at));
        assert.equal(machines.target.get("back/a").snapshots.at(-1)?.name, snapshot);
      });
    }
  }
});

Deno.test("the base is made once, also when the snapshot after it is tried again", async () => {
  let count = 0;
  const machines = twoMachines();
  const answer = (side: string, argv: readonly string[]) => {
    if (side === "source" && argv[1] === "snapshot" && ++count === 2) machines.source.snapshot(["tank/a"], at(0));
    return undefined;
  };
  const { state, snapshot } = await replicate(machines, "back", { happenings: { answer } });
  assert.deepEqual(state.open(), []);
  assert.equal(snapshot, at(1));
  assert.deepEqual(names(machines, "tank"), [at(-1), at(1)]);
});

Deno.test("it is given up after five names, and every other refusal at once", async () => {
  const tries: string[] = [];
  const refusing = (stderr: string): Promise<ModelResult> => {
    const answer = (side: string, argv: readonly string[]) => {
      if (side !== "source" || argv[1] !== "snapshot") return undefined;
      tries.push(argv.at(-1)!);
      return { status: 1, stderr };
    };
    return replicate(twoMachines(), "back/t", { happenings: { answer } });
  };
  const failure = async (stderr: string): Promise<Fault> => {
    try {
      await refusing(stderr);
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
    throw new Error("it did not fail");
  };
  const exists = await failure("cannot create snapshot 'tank@x': dataset already exists\nno snapshots were created\n");
  assert.equal(exists.parts.errorClass, "snapshot-exists");
  assert.match(exists.parts.next ?? "", /another job/);
  assert.deepEqual(tries, [0, 1, 2, 3, 4].map((second) => `tank@${at(second)}`));
  tries.length = 0;
  const full = await failure("cannot create snapshot 'tank@x': out of space\n");
  assert.equal(full.parts.errorClass, "out-of-space");
  assert.equal(tries.length, 1);
});
