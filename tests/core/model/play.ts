/**
 * Plans of the model's machines, and their steps played, one after another, without the engine.
 *
 * @module
 */

import type { TokenState } from "../../../src/core/inspect/resume_tokens.ts";
import type { PlanInput, Policy } from "../../../src/core/plan/plan_input.ts";
import { isStream, type Step } from "../../../src/core/plan/step.ts";
import { receiveFlags, sendArgv } from "../../../src/core/replicate/transfer.ts";
import { createParent, promote, renameDataset, rollback } from "../../../src/zfs/arguments/change.ts";
import { discardPartial, receiveArgv } from "../../../src/zfs/arguments/receive.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { type DatasetName, moveName, parentOf, parseDatasetName } from "../../../src/zfs/names/names.ts";
import { fullName } from "../../../src/zfs/names/version.ts";
import { joinVersions, listDatasets, listNamedDatasets, listVersions } from "../../../src/zfs/parsers/list.ts";
import { decodeToken } from "../../../src/zfs/parsers/resume_token.ts";
import { isEmpty, run } from "./commands.ts";
import { type Machine, ZfsError } from "./machine.ts";
import { type Cut, receive } from "./receive.ts";
import { send } from "./stream.ts";

/** One replication between two machines. */
export interface Job {
  readonly source: Machine;
  readonly target: Machine;
  readonly sourceTop: DatasetName;
  readonly targetTop: DatasetName;
  readonly policy: Omit<Policy, "nowMs">;
  readonly packages: boolean;
  readonly canExclude: boolean;
  /** Datasets of the source that the user left out, with all below them. */
  readonly isExcluded: (name: string) => boolean;
}

/** A tree of a machine, read as bzman reads it. */
export function listing(machine: Machine, top: DatasetName): Dataset[] {
  if (!machine.datasets.has(top)) return [];
  const datasets = listDatasets(top);
  const versions = listVersions(top);
  return joinVersions(
    datasets.parse(run(machine, datasets.argv).stdout),
    versions.parse(run(machine, versions.argv).stdout),
  );
}

/** All that a plan depends on, as the engine finds it. */
export function inputOf(job: Job, nowMs: number): PlanInput {
  const source = listing(job.source, job.sourceTop);
  const target = listing(job.target, job.targetTop);
  const above: DatasetName[] = [];
  for (let name = parentOf(job.targetTop); name !== undefined; name = parentOf(name)) above.push(name);
  const ancestors = listNamedDatasets(above);
  const included = source.filter(({ name }) => !job.isExcluded(name));
  const wanted = included.map(({ name }) => moveName(name, job.sourceTop, job.targetTop));
  return {
    ...job.policy,
    nowMs,
    sourceTop: job.sourceTop,
    targetTop: job.targetTop,
    source: included,
    excluded: source.filter(({ name }) => job.isExcluded(name)),
    target,
    targetAncestors: above.length === 0 ? [] : ancestors.parse(run(job.target, ancestors.argv).stdout),
    targetEmpty: new Set(wanted.filter((name) => isEmpty(job.target, name))),
    tokens: tokensOf(job.source, target),
    canExclude: job.canExclude,
    packages: job.packages,
  };
}

function tokensOf(source: Machine, target: readonly Dataset[]): Map<string, TokenState> {
  const tokens = new Map<string, TokenState>();
  for (const { name, resumeToken } of target) {
    if (resumeToken === undefined) continue;
    const command = decodeToken(resumeToken);
    const { status, stdout, stderr } = run(source, command.argv);
    tokens.set(name, status === 0 ? { kind: "valid", token: command.parse(stdout) } : { kind: "invalid", why: stderr });
  }
  return tokens;
}

/**
 * Plays one step.
 *
 * @param cut Ends its stream early.
 * @throws {ZfsError} When ZFS refuses it, or the stream is cut.
 */
export function play(step: Step, job: Job, cut?: Cut): void {
  if (isStream(step)) {
    const stream = send(job.source, sendArgv(step));
    receive(job.target, receiveArgv(step.target, receiveFlags(step)), stream, cut);
    return;
  }
  const argv = ((): string[] => {
    switch (step.kind) {
      case "create-parent":
        return createParent(step.target);
      case "discard-partial":
        return discardPartial(step.target);
      case "rollback":
        return rollback(fullName({ ...step.to, dataset: step.target }));
      case "set-aside":
      case "rename":
        return renameDataset(step.target, step.as, step.type);
      case "promote":
        return promote(step.target);
    }
  })();
  const { status, stderr } = run(job.target, argv);
  if (status !== 0) throw new ZfsError(stderr.trim(), status);
}

/** A dataset's name. */
export const named = (text: string): DatasetName => parseDatasetName(text);
