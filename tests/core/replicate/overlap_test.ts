// One machine by two names, and two machines with the disks of one.

import assert from "node:assert/strict";
import { pruneStandalone } from "../../../src/core/retention/prune_standalone.ts";
import { exitStatus, Fault } from "../../../src/core/fault.ts";
import type { Host } from "../../../src/core/ports.ts";
import { verifyCopy } from "../../../src/core/verify/verify.ts";
import { sampleJobCommand } from "../sample_job_command.ts";
import { run } from "../model/commands.ts";
import { Machine } from "../model/machine.ts";
import { named } from "../model/play.ts";
import { replicateOnModel } from "../model/replication.ts";

const atMs = Date.UTC(2026, 10, 22, 3);
const signal = new AbortController().signal;

function machineOf(seed: number): Machine {
  const machine = new Machine(seed, "tank");
  machine.create("tank/home");
  machine.create("tank/copies");
  machine.write("tank/home");
  machine.snapshot(["tank", "tank/home", "tank/copies"], "mine");
  machine.write("tank/home");
  return machine;
}

/** Another machine whose pool has the same GUID. */
function cloneOf(machine: Machine): Machine {
  const clone = machineOf(2);
  clone.datasets.set("tank", { ...clone.get("tank"), guid: machine.get("tank").guid });
  return clone;
}

const stateOf = ({ datasets }: Machine): string =>
  [...datasets.values()].map(({ name, content, snapshots, bookmarks }) =>
    [name, content, ...snapshots.map((one) => one.name), ...bookmarks.map((one) => one.name)].join(" ")
  ).join("\n");

async function refusalOf(work: () => Promise<unknown>): Promise<Fault> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

function hostOf(label: string, machine: Machine): Host {
  const outcome = (argv: readonly string[]) => ({ ...run(machine, argv, "", atMs), elapsedMs: 1 });
  return {
    label,
    isLocal: label === "here",
    run: (argv) => Promise.resolve(outcome(argv)),
    runAll: (commands) => Promise.resolve(commands.map(outcome)),
    close: () => Promise.resolve(),
  };
}

const policies = ["refuse", "rollback", "keep-both"] as const;
const pairs = [["tank", "tank"], ["tank", "tank/copies"], ["tank/home", "tank"]] as const;

for (const onDivergence of policies) {
  for (const tops of pairs) {
    Deno.test(`replicating ${tops.join(" into ")} of one machine is refused, with ${onDivergence}`, async () => {
      const machine = machineOf(1);
      const before = stateOf(machine);
      const fault = await refusalOf(() =>
        replicateOnModel({
          source: machine,
          target: machine,
          tops,
          atMs,
          input: { onDivergence, onForeign: onDivergence === "keep-both" ? "keep-both" : "refuse" },
        })
      );
      assert.equal(fault.parts.exit, exitStatus.refused);
      assert.equal(fault.parts.errorClass, "overlap");
      assert.match(fault.parts.why ?? "", /one machine/);
      assert.equal(stateOf(machine), before);
    });
  }
}

Deno.test("another dataset of the same pool is replicated to", async () => {
  const machine = machineOf(1);
  const { state } = await replicateOnModel({
    source: machine,
    target: machine,
    tops: ["tank/home", "tank/copies/home"],
    atMs,
  });
  assert.deepEqual(state.open(), []);
  assert.equal(machine.get("tank/copies/home").snapshots.length, 2);
});

Deno.test("pools of two machines with one GUID are told as clones", async () => {
  const machine = machineOf(1);
  const { parts } = await refusalOf(() =>
    replicateOnModel({ source: machine, target: cloneOf(machine), tops: ["tank", "tank"], atMs })
  );
  assert.equal(parts.exit, exitStatus.refused);
  assert.match(parts.why ?? "", /one is a clone of the other's disks/);
  assert.match(parts.next ?? "", /zpool reguid tank/);
});

Deno.test("verify and prune refuse as well", async () => {
  const machine = machineOf(1);
  const before = stateOf(machine);
  const sides = { source: hostOf("here", machine), target: hostOf("twin", machine) };
  const tops = { sourceTop: named("tank"), targetTop: named("tank"), isExcluded: () => false };
  const verifying = await refusalOf(() =>
    verifyCopy(
      {
        ...tops,
        content: undefined,
        recorded: new Map(),
        verdictInputs: { targetHost: "twin", job: sampleJobCommand, formatBytes: String },
      },
      { ...sides, clock: () => atMs, random: () => 0.5, signal },
    )
  );
  const pruning = await refusalOf(() =>
    pruneStandalone(
      { ...tops, prefix: "incremental", keep: { kind: "count", count: 1 }, adopt: false },
      { ...sides, clock: () => atMs, signal, lock: () => assert.fail("no lock is taken") },
      () => assert.fail("nothing is planned"),
    )
  );
  for (const { parts } of [verifying, pruning]) {
    assert.equal(parts.exit, exitStatus.refused);
    assert.equal(parts.errorClass, "overlap");
  }
  assert.equal(stateOf(machine), before);
});
