/**
 * The verdicts on copies that are still clones though their sources were promoted, and on what they depend on. Pure.
 *
 * @module
 */

import { fullName } from "../../zfs/names/version.ts";
import { type CheckFinding, commandOn } from "../check.ts";
import { replicateCommand } from "../job_command.ts";
import type { MissingPromotion } from "./compare_clones.ts";
import type { TreeComparison } from "./compare_trees.ts";
import type { TreeVerdictInputs } from "./verdict_inputs.ts";

/** One warning for each promotion that is missing, and for each orphan that no promotion would free of its clones. */
export function judgeClones({ clones, datasets }: TreeComparison, inputs: TreeVerdictInputs): CheckFinding[] {
  const sources = new Map<string, string>(datasets.map(({ source, targetName }) => [targetName, source.name]));
  const orphans = new Set<string>(clones.neededOrphans.map(({ orphan }) => orphan));
  const told = new Set<string>();
  const missing = clones.promotions.map(({ step, bar }): CheckFinding => {
    told.add(`${step.target} ${step.from}`);
    const keep = orphans.has(step.from) ? `; only the target has ${step.from}: keep it, the copy depends on it` : "";
    const why = bar === undefined ? "" : `; replicate does not promote it: ${reason(bar, step)}`;
    return {
      check: "promotion",
      subject: sources.get(step.target) ?? step.target,
      verdict: "warning",
      text:
        `was promoted, and its copy ${step.target} is still a clone of ${step.from}@${step.origin.name}${keep}${why}`,
      next: nextOf(bar, step, inputs),
    };
  });
  const needed = clones.neededOrphans.flatMap(({ orphan, clones: copies }) => {
    const unreported = copies.filter((copy) => !told.has(`${copy} ${orphan}`));
    return unreported.map((copy): CheckFinding => ({
      check: "needed-orphan",
      subject: sources.get(copy) ?? copy,
      verdict: "warning",
      text:
        `its copy ${copy} is a clone of ${orphan}, which only the target has: keep ${orphan}, the copy depends on it`,
      next: `${byHand(copy, inputs)} makes the copy independent; it moves older snapshots of ${orphan} to the copy`,
    }));
  });
  return [...missing, ...needed];
}

function reason(bar: NonNullable<MissingPromotion["bar"]>, { target, from }: MissingPromotion["step"]): string {
  switch (bar.kind) {
    case "foreign-snapshots":
      return `${named(bar.snapshots)} would move along, which the source does not have`;
    case "names":
      return `${target} has other snapshots of the same names, or its name is too long for them: ${
        named(bar.snapshots)
      }`;
    case "not-ours":
      return `${from} was set aside, or belongs to an excluded dataset`;
    case "key":
      return "ZFS promotes no clone that would need another key";
    case "not-yet":
      return "a transfer was cut, or is under way";
    case "bare":
      return `${from} has no newer snapshot yet`;
  }
}

function nextOf(bar: MissingPromotion["bar"], step: MissingPromotion["step"], inputs: TreeVerdictInputs): string {
  switch (bar?.kind) {
    case undefined:
    case "not-yet":
    case "bare":
      return replicateCommand(inputs.job);
    case "foreign-snapshots":
    case "not-ours":
      return `if these snapshots may move: ${byHand(step.target, inputs)}`;
    case "names":
      return `rename them on the target first: ${
        commandOn(inputs.targetHost, [
          "zfs",
          "rename",
          fullName(bar.snapshots[0] ?? step.origin),
          `${step.from}@NEWNAME`,
        ])
      }`;
    case "key":
      return `nothing is lost; both copies stay as they are, and ${step.from} must stay`;
  }
}

function byHand(clone: string, { targetHost }: TreeVerdictInputs): string {
  return commandOn(targetHost, ["zfs", "promote", clone]);
}

function named(snapshots: readonly Parameters<typeof fullName>[0][]): string {
  const more = snapshots.length > 3 ? ` and ${snapshots.length - 3} more` : "";
  return `${snapshots.slice(0, 3).map(fullName).join(", ")}${more}`;
}
