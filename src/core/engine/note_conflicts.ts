/**
 * Tells of every dataset that a plan leaves untouched, why, and what to type.
 *
 * @module
 */

import { exitStatus } from "../fault.ts";
import { explainConflict } from "../plan/conflict.ts";
import type { TreePlan } from "../plan/step.ts";
import type { ReplicatePorts } from "./input.ts";
import type { Tally } from "./tally.ts";

/** Notes the conflicts of a plan as the faults of their datasets; of those that have all they need there is none. */
export function noteConflicts(plan: TreePlan, tally: Tally, ports: Pick<ReplicatePorts, "showBytes" | "job">): void {
  for (const { dataset, target, plan: own } of plan.datasets) {
    if (own.kind !== "conflict" || tally.isReached(target)) continue;
    const { why, next } = explainConflict(own.conflict, dataset, target, ports.showBytes, ports.job);
    tally.fail([target], {
      errorClass: own.conflict.kind,
      what: `${target} was left untouched`,
      why,
      next,
      temporary: false,
      exit: exitStatus.failed,
    });
  }
}
