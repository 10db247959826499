/**
 * Whether a plan made from cached listings may be carried out. Pure.
 *
 * @module
 */

import type { Step, TreePlan } from "../plan/step.ts";

/** Steps that a target bears also where the memory is wrong: they add, or fail. */
function isSafeWhenStale(step: Step): boolean {
  switch (step.kind) {
    case "incremental":
    case "package":
    case "clone":
    case "create-parent":
      return true;
    case "full":
      return !step.force;
    default:
      return false;
  }
}

/** Whether a plan that was made from memory may be carried out: it discards nothing and refuses nothing. */
export function mayTrustCache(plan: TreePlan): boolean {
  return plan.steps.every(isSafeWhenStale) && plan.datasets.every(({ plan: own }) => own.kind !== "conflict");
}
