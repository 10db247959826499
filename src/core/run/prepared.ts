/**
 * What is known and decided before a run touches anything.
 *
 * @module
 */

import type { Guid } from "../../zfs/names/names.ts";
import type { Finding } from "../finding.ts";
import type { Tree } from "../inspect/list_tree.ts";
import type { HostInfo } from "../inspect/probe.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import type { TreePlan } from "../plan/step.ts";

/** What preparation found and decided. */
export interface Prepared {
  readonly source: HostInfo;
  readonly target: HostInfo;
  readonly sourceTree: Tree;
  readonly targetTree: Tree;
  readonly targetPoolGuid: Guid;
  /** The input of the plan; a later round changes the trees in it and plans again. */
  readonly planInput: PlanInput;
  readonly plan: TreePlan;
  readonly findings: readonly Finding[];
  readonly estimateBytes: bigint;
}
