/**
 * The verdicts on two trees whose versions were compared. Critical is what the copy lacks, or where replicate would refuse; a
 * warning is what is odd and costs nothing yet; that both sides keep snapshots for different times is neither. Pure.
 *
 * @module
 */

import { type Guid, parentOf, poolOf } from "../../zfs/names/names.ts";
import type { Version } from "../../zfs/names/version.ts";
import { type CheckFinding, commandOn } from "../check.ts";
import { replicateCommand } from "../job_command.ts";
import { type Conflict, explainConflict } from "../plan/conflict.ts";
import { type DatasetComparison, missingTops, type TreeComparison } from "./compare_trees.ts";
import type { VersionComparison } from "./compare_versions.ts";
import { judgeClones } from "./judge_clones.ts";
import type { TreeVerdictInputs } from "./verdict_inputs.ts";

/** At most so many names stand in one finding. */
const maxNamed = 3;

/** All verdicts; nothing but notes where all is well. */
export function judgeTrees(comparison: TreeComparison, inputs: TreeVerdictInputs): CheckFinding[] {
  const missing = missingTops(comparison.datasets).map(({ missing: { source, targetName }, below }): CheckFinding => ({
    check: "missing",
    subject: source.name,
    verdict: "critical",
    text: `is missing on ${inputs.targetLabel}, where it should be ${targetName}` +
      (below > 0 ? `, and so ${below === 1 ? "is one dataset" : `are ${below} datasets`} below it` : ""),
    next: replicateCommand(inputs.job),
  }));
  return [
    ...missing,
    ...comparison.datasets.flatMap((dataset) => judgeDataset(dataset, inputs)),
    ...judgeClones(comparison, inputs),
    ...notes(comparison, inputs),
  ];
}

/** The verdicts on one dataset. A missing one is judged with those below it. */
export function judgeDataset(dataset: DatasetComparison, inputs: TreeVerdictInputs): CheckFinding[] {
  const { source, targetName, state } = dataset;
  const finding = (verdict: CheckFinding["verdict"], check: string, text: string, next?: string): CheckFinding[] => [
    { check, subject: source.name, verdict, text, ...(next === undefined ? {} : { next }) },
  ];
  switch (state.kind) {
    case "missing":
      return [];
    case "renamed":
      return finding(
        "warning",
        "renamed",
        `is on the target as ${state.at}, its old name`,
        replicateCommand(inputs.job),
      );
    case "new":
      return finding(
        "warning",
        "new",
        "is not on the target yet: it was made after what was copied",
        replicateCommand(inputs.job),
      );
    case "no-snapshot":
      return finding(
        "warning",
        "no-snapshot",
        "has no snapshot, so nothing of it was copied",
        replicateCommand(inputs.job),
      );
    case "partial":
      return finding("critical", "partial", `its first copy is only partially received`, replicateCommand(inputs.job));
    case "other-type":
      return conflicting(dataset, inputs, {
        kind: "type-mismatch",
        sourceType: source.type,
        targetType: state.target.type,
      });
    case "there": {
      const { target, versions, writtenBytes, inherited } = state;
      const { common, own } = versions;
      if (common === undefined) {
        const found = target.snapshots.length === 0 ? "it has no snapshot" : counted(target.snapshots);
        return [
          ...judgeDestroyed(dataset, versions, inputs, false),
          ...conflicting(dataset, inputs, {
            kind: "foreign-data",
            found,
            sourceNewest: source.snapshots.at(-1),
            targetNewest: target.snapshots.at(-1),
            isPoolRoot: parentOf(targetName) === undefined,
          }),
        ];
      }
      const hasDiverged = own.length > 0 || writtenBytes > 0n;
      return [
        // First: what a destroyed snapshot held counts as written since the one before, so this explains a divergence.
        ...judgeDestroyed(dataset, versions, inputs, !hasDiverged),
        ...(hasDiverged
          ? conflicting(dataset, inputs, {
            kind: "diverged",
            common: common.target,
            sourceNewest: source.snapshots.at(-1) ?? common.target,
            targetNewer: own,
            writtenBytes,
            isPoolRoot: parentOf(targetName) === undefined,
          })
          : []),
        ...judgeVersions(dataset, versions, inherited, inputs),
        ...(target.resumeToken === undefined
          ? []
          : finding("ok", "cut", "a transfer to its copy was interrupted or is running")),
      ];
    }
  }
}

/** What had been received and is gone: until it is sent again, the copy is older than the record says. */
function judgeDestroyed(
  { source, targetName }: DatasetComparison,
  { destroyed }: VersionComparison,
  inputs: TreeVerdictInputs,
  canReplicate: boolean,
): CheckFinding[] {
  if (destroyed.length === 0) return [];
  const history = commandOn(inputs.targetHost, ["zpool", "history", "-il", poolOf(targetName)]);
  return [{
    check: "destroyed-on-target",
    subject: source.name,
    verdict: "critical",
    text: `${counted(destroyed)} had been received and ${destroyed.length === 1 ? "is" : "are"} gone from the copy: ` +
      `destroyed or rolled back there (${history} tells by whom)`,
    // Where replicate would refuse, the conflict tells what to do.
    ...(canReplicate ? { next: replicateCommand(inputs.job) } : {}),
  }];
}

function judgeVersions(
  dataset: DatasetComparison,
  { common, gaps: lacking, clashes }: VersionComparison,
  inherited: ReadonlySet<Guid>,
  inputs: TreeVerdictInputs,
): CheckFinding[] {
  const { source, targetName } = dataset;
  const gaps = lacking.filter(({ guid }) => !inherited.has(guid));
  return [
    ...(clashes.length > 0
      ? conflicting(dataset, inputs, { kind: "name-taken", names: clashes.map(({ name }) => name) })
      : []),
    ...(gaps.length > 0
      ? [
        {
          check: "gap",
          subject: source.name,
          verdict: "warning",
          text: `its copy lacks ${counted(gaps)}, and has newer ones`,
          // ZFS sends nothing into the past.
          next: `they cannot be sent any more; what destroyed them: ${
            commandOn(inputs.targetHost, ["zpool", "history", "-il", poolOf(targetName)])
          }`,
        } as const,
      ]
      : []),
    ...(common?.source.kind === "bookmark"
      ? [
        {
          check: "bookmark",
          subject: source.name,
          verdict: "ok",
          text: `of the newest version that both sides have (${common.target.name}) the source keeps only a bookmark`,
        } as const,
      ]
      : []),
  ];
}

/** What replicate would refuse, in its own words. */
function conflicting(
  { source, targetName }: DatasetComparison,
  inputs: TreeVerdictInputs,
  conflict: Conflict,
): CheckFinding[] {
  const { why, next } = explainConflict(conflict, source.name, targetName, inputs.formatBytes, inputs.job);
  return [{ check: conflict.kind, subject: source.name, verdict: "critical", text: why, next }];
}

function notes({ datasets, orphans, excluded }: TreeComparison, { targetLabel }: TreeVerdictInputs): CheckFinding[] {
  const note = (check: string, text: string): CheckFinding => ({ check, subject: targetLabel, verdict: "ok", text });
  const behind = datasets.filter(({ state }) => state.kind === "there" && state.versions.behind.length > 0);
  const thinned = datasets.filter(({ state }) => state.kind === "there" && state.versions.thinned.length > 0);
  return [
    ...(thinned.length > 0
      ? [
        note(
          "thinned",
          `of ${plural(thinned.length)} it lacks the oldest of a series, as a shorter retention leaves it`,
        ),
      ]
      : []),
    ...(behind.length > 0
      ? [
        note(
          "behind",
          `newer snapshots of ${plural(behind.length)} were not copied yet: 'bzman status' judges the lag`,
        ),
      ]
      : []),
    ...(orphans.length > 0 ? [note("only-on-target", `only the target has ${named(orphans)}`)] : []),
    ...(excluded.length > 0 ? [note("excluded", `left out: ${named(excluded)}`)] : []),
  ];
}

/** `one dataset`, `3 datasets`. */
export function plural(count: number, noun = "dataset"): string {
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}

/** The first names, and how many more. */
export function named(names: readonly string[]): string {
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : "";
  return `${names.slice(0, maxNamed).join(", ")}${more}`;
}

function counted(snapshots: readonly Version[]): string {
  return `${plural(snapshots.length, "snapshot")} (${named(snapshots.map(({ name }) => name))})`;
}
