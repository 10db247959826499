import assert from "node:assert/strict";
import { estimatePlan } from "../../../src/core/replicate/estimate.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { dataset, planInput } from "../make.ts";

/** What a first copy of these is estimated to send. */
function estimated(source: readonly Dataset[], reserves = false): bigint {
  const input = planInput(source, []);
  return estimatePlan(planTree(input), input, reserves);
}

/** `used`, and what it is made of besides the children. */
function space(used: bigint, referenced: bigint, snapshots = 0n, reserved = 0n): Partial<Dataset> {
  return {
    usedBytes: used,
    referencedBytes: referenced,
    usedBySnapshotsBytes: snapshots,
    usedByRefreservationBytes: reserved,
  };
}

Deno.test("a thick volume counts by its content, and by its size where its reservation goes along", () => {
  const tree = [
    dataset("tank", "x:1", space(10_010n, 10n)),
    dataset("tank/v", "x:1", { type: "volume", ...space(10_000n, 100n, 0n, 9_900n) }),
  ];
  assert.equal(estimated(tree), 110n);
  assert.equal(estimated(tree, true), 10_010n);
});

Deno.test("what a filesystem has reserved, by either kind of reservation, is no data to send", () => {
  const tree = [
    dataset("tank", "n:1", space(2_000_130n, 10n)),
    dataset("tank/refreserved", "n:2", space(1_000_000n, 20n, 0n, 999_980n)),
    // Its parent's `used` counts the reservation, its own does not.
    dataset("tank/reserved", "n:3", space(30n, 30n)),
    dataset("tank/data", "n:4", space(100n, 70n, 30n)),
  ];
  assert.equal(estimated(tree), 160n);
});

Deno.test("what only a volume's snapshots keep is sent too", () => {
  assert.equal(
    estimated([
      dataset("tank", "n:1", space(0n, 0n)),
      dataset("tank/v", "n:2", {
        type: "volume",
        ...space(300n, 100n, 200n),
      }),
    ]),
    300n,
  );
});
