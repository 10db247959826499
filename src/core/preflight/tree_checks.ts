/**
 * The verdicts on the two trees and on the plan between them. Pure.
 *
 * @module
 */

import { longestBookmarkName, snapshotName } from "../../zfs/names/bzman_names.ts";
import { moveName } from "../../zfs/names/names.ts";
import type { Finding } from "../finding.ts";
import type { Tree } from "../inspect/list_tree.ts";
import { type JobCommand, replicateCommand, sideCommand } from "../job_command.ts";
import { explainConflict, makeWritable, replicateUnchanged } from "../plan/conflict.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import type { DatasetPlan, Step, TreePlan } from "../plan/step.ts";

/** What the verdicts depend on. */
export interface TreeChecksInput {
  readonly sourceLabel: string;
  readonly targetLabel: string;
  readonly plan: TreePlan;
  readonly input: PlanInput;
  readonly source: Tree;
  readonly target: Tree;
  /** The part behind `@` of the snapshot to come, or `undefined` with `--no-snapshot`. */
  readonly willSnapshot: string | undefined;
  /** Whether the source itself would be snapshotted although it is a replica, see `inspect/replicas.ts`. */
  readonly topIsReplica: boolean;
  readonly estimateBytes: bigint;
  /** Whether what does not fit by the estimate is to be sent all the same. */
  readonly ignoreSpace: boolean;
  readonly formatBytes: (count: bigint) => string;
  /** The job as it was typed, for what to type next. */
  readonly job: JobCommand;
}

/** Judges both trees. */
export function checkTrees(facts: TreeChecksInput): Finding[] {
  return [
    checkSource(facts),
    ...checkNames(facts),
    ...checkPartial(facts),
    checkTargetSpace(facts),
    ...facts.plan.datasets.map((entry) => checkDataset(entry, facts)),
  ];
}

function checkSource(facts: TreeChecksInput): Finding {
  const { sourceTop } = facts.input;
  const where = facts.sourceLabel;
  // What is left out may be whatever it is.
  const partial = facts.input.source.find((dataset) => dataset.resumeToken !== undefined);
  if (partial !== undefined) {
    return {
      check: "source",
      where,
      verdict: "critical",
      text: `${partial.name} is itself a receive target: a replication to it is running or was interrupted`,
      next: `see whether that replication runs: ${
        sideCommand(facts.job, "source", ["zfs", "get", "-r", "receive_resume_token", partial.name])
      }${leaveOut(facts, partial.name)}`,
    };
  }
  if (facts.topIsReplica) {
    return {
      check: "source",
      where,
      verdict: "critical",
      text: `${sourceTop} is itself a replica: snapshotting it would make it diverge from its own source`,
      next: `pass it on as it is: ${replicateUnchanged(facts.job, sourceTop)}\nif it was restored here and is in use: ${
        makeWritable(facts.job, sourceTop)
      }`,
    };
  }
  return {
    check: "source",
    where,
    verdict: "ok",
    text: `${sourceTop} exists, ${facts.source.datasets.length} dataset${
      facts.source.datasets.length === 1 ? "" : "s"
    }`,
  };
}

/** The longest name, snapshot included, must fit on both sides before a recursive snapshot fails half-way. */
function checkNames(facts: TreeChecksInput): Finding[] {
  const { sourceTop, targetTop, source, prefix } = { ...facts.input, prefix: facts.willSnapshot };
  const suffix = prefix ?? snapshotName("", 0);
  const longest = source.flatMap((dataset) => [dataset.name, moveName(dataset.name, sourceTop, targetTop)])
    .reduce((a, b) => a.length >= b.length ? a : b);
  const length = longest.length + 1 + suffix.length;
  // What arrived is bookmarked on the source, by a name that a short prefix makes the longer one.
  const bookmarked = prefix && source.find(({ name }) => name.length + 1 + longestBookmarkName > 255);
  if (bookmarked && length <= 255) {
    return [{
      check: "name-length",
      where: facts.sourceLabel,
      verdict: "critical",
      text:
        `the bookmark of ${bookmarked.name} would have ${bookmarked.name.length + 1 + longestBookmarkName} bytes; ` +
        "ZFS allows 255",
      next: `leave it out, or rename it: ${leaveOutCommand(facts, bookmarked.name)}`,
    }];
  }
  if (length <= 255) return [];
  return [{
    check: "name-length",
    where: facts.sourceLabel,
    verdict: "critical",
    text: `${longest}@${suffix} would have ${length} bytes; ZFS allows 255`,
    next: `a short prefix makes shorter names: ${replicateCommand(facts.job, { set: ["--prefix", "i"] })}`,
  }];
}

function checkPartial(facts: TreeChecksInput): Finding[] {
  const steps = facts.plan.datasets.flatMap(({ plan }) => plan.kind === "steps" ? plan.steps : []);
  return steps.flatMap((step: Step): Finding[] => {
    const base = { check: "resume", where: facts.targetLabel, verdict: "ok" } as const;
    if (step.kind === "resume") {
      return [{
        ...base,
        text: `${step.target}: an interrupted transfer resumes after ${facts.formatBytes(step.receivedBytes)}`,
      }];
    }
    if (step.kind === "discard-partial") {
      return [{ ...base, text: `${step.target}: an interrupted transfer cannot resume (${step.why}) and starts over` }];
    }
    return [];
  });
}

function checkTargetSpace(facts: TreeChecksInput): Finding {
  const there = facts.target.datasets[0] ??
    [...facts.target.ancestors].sort((a, b) => b.name.length - a.name.length)[0];
  const free = there?.availableBytes ?? 0n;
  const base = { check: "target-space", where: facts.targetLabel };
  const text = `about ${facts.formatBytes(facts.estimateBytes)} to send, ${facts.formatBytes(free)} free`;
  if (there !== undefined && facts.estimateBytes > free) {
    return {
      ...base,
      verdict: facts.ignoreSpace ? "warning" : "critical",
      text: `${text}; what is to send is an estimate`,
      next: [
        `see what takes the space: ${
          sideCommand(facts.job, "target", ["zfs", "list", "-r", "-o", "space", there.name])
        }`,
        ...(facts.ignoreSpace ? [] : [
          `where compression or deduplication there makes it fit: ${
            replicateCommand(facts.job, { set: ["--ignore-space"] })
          }`,
        ]),
      ].join("\n"),
    };
  }
  return { ...base, verdict: "ok", text };
}

function checkDataset(entry: DatasetPlan, facts: TreeChecksInput): Finding {
  const base = { check: "dataset", where: facts.targetLabel };
  switch (entry.plan.kind) {
    case "up-to-date":
      return { ...base, verdict: "ok", text: `${entry.target} is up to date` };
    case "steps":
      return {
        ...base,
        verdict: "ok",
        text: `${entry.target}: ${entry.plan.steps.map(({ kind }) => kind).join(", ")}`,
      };
    case "conflict": {
      const { why, next } = explainConflict(
        entry.plan.conflict,
        entry.dataset,
        entry.target,
        facts.formatBytes,
        facts.job,
      );
      return { ...base, verdict: "critical", text: `${entry.target}: ${why}`, next };
    }
  }
}

/** The choice to leave a dataset out, on a line of its own; the top cannot be left out. */
function leaveOut(facts: TreeChecksInput, dataset: string): string {
  return dataset === facts.input.sourceTop ? "" : `\nleave it out: ${leaveOutCommand(facts, dataset)}`;
}

function leaveOutCommand({ job, input }: TreeChecksInput, dataset: string): string {
  return replicateCommand(job, { add: ["--exclude", dataset.slice(input.sourceTop.length + 1)] });
}
