/**
 * Copies that are still clones on the target, though their sources were promoted; and what of a copy's snapshots its origin's
 * datasets hold. Pure.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import type { DatasetName, Guid } from "../../zfs/names/names.ts";
import { planPromotions, type PromotionBlock, type PromotionInput } from "../plan/follow/promotion_planner.ts";
import { type NeededOrphan, neededOrphans } from "../plan/follow/needed_orphans.ts";
import type { PromoteStep } from "../plan/step.ts";

/** A promotion that is missing on the target. */
export interface MissingPromotion {
  readonly step: PromoteStep;
  /** Why replicate does not make it; `undefined`: the next run does. */
  readonly bar: PromotionBlock | undefined;
}

/** How the clones of a target stand. */
export interface CloneComparison {
  readonly promotions: readonly MissingPromotion[];
  readonly neededOrphans: readonly NeededOrphan[];
}

export function compareClones(input: PromotionInput, orphans: readonly DatasetName[]): CloneComparison {
  const { steps, barred } = planPromotions(input);
  return {
    promotions: [...steps.map((step) => ({ step, bar: undefined })), ...barred],
    neededOrphans: neededOrphans(orphans, input.target),
  };
}

/** The GUIDs of the snapshots that a clone has through its origin: that, what is older there, and so on. */
export function inheritedBy(clone: Dataset, target: ReadonlyMap<string, Dataset>): ReadonlySet<Guid> {
  const guids = new Set<Guid>();
  const seen = new Set<string>();
  for (let origin = clone.origin; origin !== undefined && !seen.has(origin);) {
    seen.add(origin);
    const [name = "", part] = origin.split("@");
    const from: Dataset | undefined = target.get(name);
    const at = from?.snapshots.findIndex((snapshot) => snapshot.name === part) ?? -1;
    for (const { guid } of from?.snapshots.slice(0, at + 1) ?? []) guids.add(guid);
    origin = from?.origin;
  }
  return guids;
}
