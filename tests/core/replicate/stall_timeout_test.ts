import assert from "node:assert/strict";
import { stallTimeoutMs } from "../../../src/core/replicate/stall_timeout.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { isStream, type StreamStep } from "../../../src/core/plan/step.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { dataset, planInput } from "../make.ts";

/** A dataset with so many snapshots, of which the first has this GUID; `new` is one more. */
function many(name: string, snapshots: number, guid: number, fresh = false): Dataset {
  const words = Array.from({ length: snapshots }, (_, i) => `s${i}:${guid + i}`);
  return dataset(name, [...words, ...(fresh ? [`new:${guid + 900_000}`] : [])].join(" "));
}

function only(steps: readonly unknown[]): StreamStep {
  const streams = (steps as StreamStep[]).filter(isStream);
  assert.equal(streams.length, 1);
  return streams[0]!;
}

Deno.test("a stream has five minutes, and a quarter of a second for each snapshot that a receiver looks at", async (t) => {
  await t.step("first copy of little", () => {
    const input = planInput([dataset("tank", "x:1")], []);
    assert.equal(stallTimeoutMs(only(planTree(input).steps), input), 300_250);
  });
  await t.step("a package: the whole subtree, on the side that has more", () => {
    const input = planInput([many("tank", 200, 1, true), many("tank/a", 200, 1001, true)], [
      many("backup/tank", 200, 1),
      many("backup/tank/a", 200, 1001),
      many("backup/tank/gone", 4_000, 5001),
    ]);
    const step = only(planTree(input).steps);
    assert.equal(step.kind, "package");
    assert.equal(stallTimeoutMs(step, input), 300_000 + 4_400 * 250);
  });
  await t.step("a stream of one dataset: that one alone", () => {
    const input = planInput([many("tank", 100, 1), many("tank/a", 200, 1001, true)], [
      many("backup/tank", 100, 1),
      many("backup/tank/a", 200, 1001),
    ]);
    const step = only(planTree(input).steps);
    assert.equal(step.kind, "incremental");
    assert.equal(stallTimeoutMs(step, input), 300_000 + 201 * 250);
  });
  await t.step("never more than an hour", () => {
    const input = planInput([many("tank", 20_000, 1, true)], [many("backup/tank", 20_000, 1)]);
    assert.equal(stallTimeoutMs(only(planTree(input).steps), input), 3_600_000);
  });
});
