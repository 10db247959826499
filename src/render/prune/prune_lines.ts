/**
 * What retention decided, snapshot by snapshot, with the reasons.
 *
 * @module
 */

import type { RetentionVerdict } from "../../core/retention/retention_policy.ts";
import type { Json } from "../text/json.ts";

/** The verdicts on both sides; the target's are empty when none was named. */
export interface SidedVerdicts {
  readonly source: readonly RetentionVerdict[];
  readonly target: readonly RetentionVerdict[];
}

/** One line a snapshot, and one that counts. */
export function pruneLines(sides: SidedVerdicts, dryRun: boolean): string[] {
  const lines = (["source", "target"] as const).flatMap((side) =>
    sides[side].map(({ snapshot, action, reason }) => {
      const word = action === "keep" ? "keep" : dryRun ? "would destroy" : "destroyed";
      return `${side}  ${word.padEnd(dryRun ? 13 : 9)}  ${snapshot.dataset}@${snapshot.name}: ${reason}`;
    })
  );
  const all = [...sides.source, ...sides.target];
  const gone = all.filter(({ action }) => action === "destroy").length;
  return [...lines, `${all.length - gone} kept, ${gone} ${dryRun ? "would be destroyed" : "destroyed"}`];
}

/** The same as JSON. */
export function pruneJson(sides: SidedVerdicts): { readonly [key: string]: Json } {
  const side = (verdicts: readonly RetentionVerdict[]): Json =>
    verdicts.map(({ snapshot, action, reason }) => ({
      dataset: snapshot.dataset,
      snapshot: snapshot.name,
      guid: snapshot.guid,
      action,
      reason,
    }));
  return { source: side(sides.source), target: side(sides.target) };
}
