// A pull of so many datasets that their names do not fit into one remote command.

import assert from "node:assert/strict";
import { exitStatus, Fault } from "../../../src/core/fault.ts";
import { Machine } from "../model/machine.ts";
import { type ModelRun, replicateOnModel } from "../model/replication.ts";

const atMs = Date.UTC(2026, 10, 22, 3);
const count = 1_750;

function sourceOf(): Machine {
  const source = new Machine(1, "tank");
  source.create("tank/out");
  for (let i = 0; i < count; i += 1) source.create(`tank/${"x".repeat(30)}${i}`);
  return source;
}

function pull(source: Machine, target: Machine, told: Partial<ModelRun> = {}) {
  return replicateOnModel({
    source,
    target,
    tops: ["tank", "back/t"],
    atMs,
    local: ["target"],
    ...told,
    input: { isExcluded: (name) => name === "tank/out", ...told.input },
  });
}

Deno.test("a pull of 1,750 datasets without one of them has one snapshot of one moment", async (test) => {
  const [source, target] = [sourceOf(), new Machine(2, "back")];
  await test.step("the first copy", async () => {
    const { state, snapshot } = await pull(source, target);
    assert.deepEqual(state.open(), []);
    const made = [...source.datasets.values()].filter(({ name }) => name !== "tank/out").map(({ snapshots }) =>
      snapshots
    );
    assert.equal(made.length, count + 1);
    assert.ok(made.every((snapshots) => snapshots.length === 1 && snapshots[0]?.name === snapshot));
    assert.equal(new Set(made.map(([one]) => one?.createtxg)).size, 1);
    assert.ok(made.every(([one]) => one?.properties.get("bzman:prefix")?.value === "incremental"));
    assert.deepEqual(source.get("tank/out").snapshots, []);
  });
  await test.step("and the next, whose name another job takes meanwhile", async () => {
    let isTaken = false;
    const answer = (side: string, argv: readonly string[]) => {
      if (side === "source" && argv.includes("-m") && !isTaken) {
        isTaken = true;
        source.snapshot([`tank/${"x".repeat(30)}7`], "incremental-2026-11-22T03:10:00Z");
      }
      return undefined;
    };
    const { state, snapshot } = await pull(source, target, { atMs: atMs + 600_000, happenings: { answer } });
    assert.equal(snapshot, "incremental-2026-11-22T03:10:01Z");
    assert.deepEqual(state.open(), []);
  });
});

Deno.test("without root it is refused before anything is done", async () => {
  const [source, target] = [sourceOf(), new Machine(2, "back")];
  const answer = (side: string, argv: readonly string[]) => {
    if (side === "target") return undefined;
    if (argv[1] === "allow") return { status: 1 };
    return argv.join(" ") === "id -u" ? { stdout: "1000\n" } : undefined;
  };
  let fault: unknown;
  try {
    await pull(source, target, { happenings: { answer } });
  } catch (error) {
    fault = error;
  }
  assert.ok(fault instanceof Fault, String(fault));
  assert.equal(fault.parts.exit, exitStatus.refused);
  assert.equal(fault.parts.errorClass, "snapshot-names");
  assert.equal([...source.datasets.values()].flatMap(({ snapshots }) => snapshots).length, 0);
  assert.equal(target.datasets.size, 1);
});
