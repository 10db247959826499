/**
 * The lag: the age of the newest version that both sides have, and what it means against the objective.
 *
 * @module
 */

import type { CheckVerdict } from "./check.ts";

/** A lag of so many times the objective is a warning. */
export const warnTimes = 2;
/** A lag of so many times the objective is critical. */
export const criticalTimes = 6;

/** What a lag means; one that is not known is no verdict. Both in milliseconds. */
export function lagVerdict(lagMs: number | undefined, objectiveMs: number): CheckVerdict {
  if (lagMs === undefined) return "unknown";
  return lagMs >= criticalTimes * objectiveMs ? "critical" : lagMs >= warnTimes * objectiveMs ? "warning" : "ok";
}
