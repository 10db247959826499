/**
 * The verdicts on two trees whose versions were compared. Critical is what the copy lacks, or where replicate would refuse; a
 * warning is what is odd and costs nothing yet; that both sides keep snapshots for different times is neither. Pure.
 *
 * @module
 */

import { type Guid, parentOf, poolOf } from "../../zfs/names.ts";
import type { Snapshot } from "../../zfs/version.ts";
import { type CheckFinding, commandOn } from "../check.ts";
import { type Conflict, explainConflict } from "../plan/conflict.ts";
import { judgeClones } from "./judge_clones.ts";
import { type DatasetComparison, missingTops, type TreeComparison } from "./compare_trees.ts";
import type { VersionComparison } from "./compare_versions.ts";

/** What the verdicts need to explain themselves. */
export interface JudgeInputs {
  /** The target's host as typed; `undefined`: this machine. */
  readonly targetHost: string | undefined;
  /** For messages. */
  readonly targetLabel: string;
  /** The command that replicates the pair. */
  readonly replicate: string;
  /** Shows a number of bytes. */
  readonly bytes: (count: bigint) => string;
}

/** At most so many names stand in one finding. */
const mostNamed = 3;

/** All verdicts; nothing but notes where all is well. */
export function judgeTrees(comparison: TreeComparison, inputs: JudgeInputs): CheckFinding[] {
  const missing = missingTops(comparison.datasets).map(({ missing: { source, targetName }, below }): CheckFinding => ({
    check: "missing",
    subject: source.name,
    verdict: "critical",
    text: `is missing on ${inputs.targetLabel}, where it should be ${targetName}` +
      (below > 0 ? `, and so ${below === 1 ? "is one dataset" : `are ${below} datasets`} below it` : ""),
    next: inputs.replicate,
  }));
  return [
    ...missing,
    ...comparison.datasets.flatMap((dataset) => judgeDataset(dataset, inputs)),
    ...judgeClones(comparison, inputs),
    ...notes(comparison, inputs),
  ];
}

/** The verdicts on one dataset. A missing one is judged with those below it. */
export function judgeDataset(dataset: DatasetComparison, inputs: JudgeInputs): CheckFinding[] {
  const { source, targetName, state } = dataset;
  const finding = (verdict: CheckFinding["verdict"], check: string, text: string, next?: string): CheckFinding[] => [
    { check, subject: source.name, verdict, text, ...(next === undefined ? {} : { next }) },
  ];
  switch (state.kind) {
    case "missing":
      return [];
    case "elsewhere":
      return finding("warning", "renamed", `is on the target as ${state.at}, its name before`, inputs.replicate);
    case "new":
      return finding("warning", "new", "is not on the target yet: it was made after what was copied", inputs.replicate);
    case "no-snapshot":
      return finding("warning", "no-snapshot", "has no snapshot, so nothing of it was copied", inputs.replicate);
    case "half":
      return finding("critical", "half", `its first copy has not arrived in whole`, inputs.replicate);
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
        return conflicting(dataset, inputs, {
          kind: "foreign-data",
          found,
          sourceNewest: source.snapshots.at(-1),
          targetNewest: target.snapshots.at(-1),
          isPoolRoot: parentOf(targetName) === undefined,
        });
      }
      return [
        ...(own.length > 0 || writtenBytes > 0n
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
          : finding("ok", "cut", "a transfer to its copy was cut, or is under way")),
      ];
    }
  }
}

function judgeVersions(
  dataset: DatasetComparison,
  { common, gaps: lacking, clashes }: VersionComparison,
  inherited: ReadonlySet<Guid>,
  inputs: JudgeInputs,
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
  inputs: JudgeInputs,
  conflict: Conflict,
): CheckFinding[] {
  const { why, next } = explainConflict(conflict, source.name, targetName, inputs.bytes);
  return [{ check: conflict.kind, subject: source.name, verdict: "critical", text: why, next }];
}

function notes({ datasets, orphans, excluded }: TreeComparison, { targetLabel }: JudgeInputs): CheckFinding[] {
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
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
  return `${names.slice(0, mostNamed).join(", ")}${more}`;
}

function counted(snapshots: readonly Snapshot[]): string {
  return `${plural(snapshots.length, "snapshot")} (${named(snapshots.map(({ name }) => name))})`;
}
