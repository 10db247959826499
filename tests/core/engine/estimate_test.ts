import assert from "node:assert/strict";
import { estimatePlan } from "../../../src/core/engine/estimate.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { dataset, planInput } from "../make.ts";

Deno.test("a thick volume counts by its content, and by its size where its reservation goes along", () => {
  const volume = dataset("tank/v", "x:1", { type: "volume", usedBytes: 10_000n, referencedBytes: 100n });
  const input = planInput([dataset("tank", "x:1", { usedBytes: 10_010n, referencedBytes: 10n }), volume], []);
  assert.equal(estimatePlan(planTree(input), input), 110n);
  assert.equal(estimatePlan(planTree(input), input, true), 10_010n);
});
