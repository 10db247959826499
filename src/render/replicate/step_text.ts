/**
 * The steps of a plan in words, for the log and for a dry run.
 *
 * @module
 */

import type { Step } from "../../core/plan/step.ts";
import { bytesText } from "../text/bytes.ts";

/** One step, one line, no sizes that only a transfer knows. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case "full":
      return `full ${step.dataset}@${step.to.name} → ${step.target}${step.force ? " (over the empty dataset)" : ""}`;
    case "incremental": {
      const mark = step.from.kind === "bookmark" ? "#" : "@";
      return `incremental ${step.dataset} ${mark}${step.from.name} … @${step.to.name} → ${step.target}`;
    }
    case "clone":
      return `clone ${step.dataset}@${step.to.name} of ${step.origin.dataset}@${step.origin.name} → ${step.target}`;
    case "resume":
      return `resume ${step.dataset}@${step.to.name} after ${bytesText(step.receivedBytes)} → ${step.target}`;
    case "package": {
      const [word, from] = step.from === undefined ? ["full", "everything"] : ["incremental", `@${step.from}`];
      const left = step.excluded.length > 0 ? `, without ${step.excluded.length}` : "";
      return `${word} ${step.dataset} and ${
        step.members.length - 1
      } below${left}, ${from} … @${step.to} → ${step.target}`;
    }
    case "create-parent":
      return `make the parent ${step.target}`;
    case "discard-partial":
      return `discard the partial receive state of ${step.target}: ${step.why}`;
    case "rollback":
      return `roll ${step.target} back to @${step.to.name}, discarding ${step.discards.length} snapshots` +
        ` and ${bytesText(step.discardsBytes)} written`;
    case "set-aside":
      return `set ${step.target} aside as ${step.as}`;
    case "rename":
      return `rename ${step.target} to ${step.as}`;
    case "promote":
      return `promote ${step.target}, so far a clone of ${step.from}@${step.origin.name}: it gets ${
        step.moves.length === 1 ? "that snapshot" : `that snapshot and ${step.moves.length - 1} older`
      }`;
  }
}
