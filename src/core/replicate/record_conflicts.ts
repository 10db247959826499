/**
 * Tells of every dataset that a plan leaves untouched, why, and what to type.
 *
 * @module
 */

import { exitStatus } from "../fault.ts";
import { explainConflict } from "../plan/conflict.ts";
import type { TreePlan } from "../plan/step.ts";
import type { ReplicatePorts } from "../run/input.ts";
import type { RunState } from "../run/run_state.ts";

/** Notes the conflicts of a plan as the faults of their datasets; of those that have all they need there is none. */
export function recordConflicts(
  plan: TreePlan,
  state: RunState,
  ports: Pick<ReplicatePorts, "formatBytes" | "job">,
): void {
  for (const { dataset, target, plan: own } of plan.datasets) {
    if (own.kind !== "conflict" || state.isComplete(target)) continue;
    const { why, next } = explainConflict(own.conflict, dataset, target, ports.formatBytes, ports.job);
    state.fail([target], {
      errorClass: own.conflict.kind,
      what: `${target} was left unchanged`,
      why,
      next,
      temporary: false,
      exit: exitStatus.failed,
    });
  }
}
