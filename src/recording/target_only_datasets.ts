/**
 * The record of datasets that the target still has, though the source has them no more.
 *
 * @module
 */

import type { Replicated } from "../core/replicate/replicate.ts";
import type { DatasetRecord } from "../core/record.ts";
import type { DatasetName } from "../zfs/names/names.ts";

/** One row each; its message names the copies that are clones of it, and so depend on it. */
export function targetOnlyDatasets({ plan, state }: Pick<Replicated, "plan" | "state">): DatasetRecord[] {
  const clones = new Map(plan.neededOrphans.map(({ orphan, clones: all }) => [orphan, all]));
  for (const step of plan.steps) {
    // What could not be promoted depends on it as before.
    if (step.kind !== "promote" || state.promotions.hasPart(step.target)) continue;
    clones.set(step.from, [...clones.get(step.from) ?? [], step.target]);
  }
  return plan.orphans.map((target) => {
    const needing = clones.get(target);
    return {
      dataset: target,
      target,
      result: "vanished",
      kind: "none",
      bytes: 0n,
      savedBytes: 0n,
      snapshots: 0,
      elapsedMs: 0,
      ...(needing === undefined ? {} : { message: keepText(needing) }),
    };
  });
}

function keepText(clones: readonly DatasetName[]): string {
  const [is, depend] = clones.length === 1 ? ["is a clone", "it depends"] : ["are clones", "they depend"];
  return `keep it: ${clones.join(", ")} ${is} of it, and ${depend} on it`;
}
