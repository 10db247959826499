/**
 * The plan of one dataset: a pure function of what both sides have and what the user asked for.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { parentOf } from "../../zfs/names/names.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import type { ResumeToken } from "../../zfs/parsers/resume_token.ts";
import { type Common, newestCommon } from "../inspect/common_version.ts";
import type { Conflict } from "./conflict.ts";
import { canReceiveOver, firstCopy, incrementalSteps, isRaw, setAsideSteps } from "./dataset_steps.ts";
import type { DatasetFacts, Policy } from "./plan_input.ts";
import type { Plan, Step } from "./step.ts";

export function planDataset(facts: DatasetFacts, policy: Policy): Plan {
  const { source, target } = facts;
  const newest = source.snapshots.at(-1);
  if (newest === undefined) {
    return conflictPlan({ kind: "empty-source", ...(facts.sourceBelow ? { below: facts.sourceBelow } : {}) });
  }
  const plan = target === undefined
    ? stepsPlan(firstCopy(facts, policy, false))
    : planExisting(facts, policy, target, newest);
  // Where nothing is to be sent, no key is needed.
  const blocked = plan.kind === "up-to-date"
    ? undefined
    : encryptionConflict(createsDataset(plan) ? { ...facts, target: undefined } : facts, policy);
  return blocked ? conflictPlan(blocked) : plan;
}

/** Whether a plan makes a new dataset on the target; what is there has gone by then. */
function createsDataset(plan: Plan): boolean {
  return plan.kind === "steps" &&
    plan.steps.some((step) => step.kind === "clone" || (step.kind === "full" && !step.force));
}

/** The target is there, whatever it holds. */
function planExisting(facts: DatasetFacts, policy: Policy, target: Dataset, newest: Snapshot): Plan {
  const { source } = facts;
  if (target.resumeToken !== undefined) return planResume(facts, policy, target.resumeToken);
  if (source.type !== target.type) {
    const kept = policy.onForeign === "keep-both" ? setAsideSteps(facts, policy) : undefined;
    if (kept) return stepsPlan(kept);
    return conflictPlan({ kind: "type-mismatch", sourceType: source.type, targetType: target.type });
  }
  const common = newestCommon(source, target);
  if (common === undefined) return planForeign(facts, policy, target, newest);
  const ignorable = facts.targetWritesIgnorable === true && common.targetNewer.length === 0;
  if (ignorable && incrementalSteps(facts, policy, common.source).length === 0) {
    return { kind: "up-to-date", at: asSnapshot(common) };
  }
  if (common.targetNewer.length > 0 || target.writtenBytes > 0n) {
    const own = { targetNewer: common.targetNewer, writtenBytes: target.writtenBytes };
    switch (ignorable ? "rollback" : policy.onDivergence) {
      case "refuse":
        break;
      case "rollback": {
        const steps: Step[] = [{
          kind: "rollback",
          target: target.name,
          to: common.target,
          discards: own.targetNewer,
          discardsBytes: own.writtenBytes,
          ignorable,
        }];
        return refuseNameClash(
          facts,
          common,
          () => stepsPlan([...steps, ...incrementalSteps(facts, policy, common.source)]),
        );
      }
      case "keep-both": {
        const kept = setAsideSteps(facts, policy);
        if (kept) return stepsPlan(kept);
      }
    }
    const isPoolRoot = parentOf(target.name) === undefined;
    return conflictPlan({ kind: "diverged", common: common.target, sourceNewest: newest, ...own, isPoolRoot });
  }
  const steps = incrementalSteps(facts, policy, common.source);
  if (steps.length === 0) return { kind: "up-to-date", at: asSnapshot(common) };
  return refuseNameClash(facts, common, () => stepsPlan(steps));
}

/** The common version as a snapshot of the source, also where only a bookmark is left of that. */
function asSnapshot({ source, target }: Common): Snapshot {
  if (source.kind === "snapshot") return source;
  return { ...target, dataset: source.dataset, createtxg: source.createtxg };
}

function conflictPlan(conflict: Conflict): Plan {
  return { kind: "conflict", conflict };
}

function stepsPlan(steps: readonly Step[]): Plan {
  return { kind: "steps", steps };
}

function encryptionConflict(facts: DatasetFacts, policy: Policy): Conflict | undefined {
  const { source, target, targetParentKey } = facts;
  const encrypted = source.encryption !== "off";
  const raw = isRaw(source, policy);
  if (encrypted && !raw && source.keyStatus === "unavailable") {
    return { kind: "key-needed", side: "source", dataset: source.encryptionRoot ?? source.name };
  }
  if (encrypted && raw && target) {
    if (parentOf(target.name) === undefined) return { kind: "encrypted-root", pool: target.name };
    // A dataset without snapshots is the half of a cut first copy, or foreign: looked at later.
    if (target.encryption === "off" && newestCommon(source, target)) return { kind: "raw-mismatch" };
  }
  if (!raw) {
    const key = target
      ? target.encryption === "off"
        ? undefined
        : { dataset: target.encryptionRoot ?? target.name, available: target.keyStatus === "available" }
      : targetParentKey;
    if (key && !key.available) return { kind: "key-needed", side: "target", dataset: key.dataset };
  }
  return undefined;
}

/** The target exists without a version in common. */
function planForeign(facts: DatasetFacts, policy: Policy, target: Dataset, newest: Snapshot): Plan {
  const isEmpty = facts.targetIsEmpty && target.snapshots.length === 0;
  if (isEmpty && canReceiveOver(facts.source, target, policy)) return stepsPlan(firstCopy(facts, policy, true));
  if (policy.onForeign === "keep-both") {
    const kept = setAsideSteps(facts, policy);
    if (kept) return stepsPlan(kept);
  }
  const found = target.snapshots.length > 0
    ? `${target.snapshots.length} snapshots, the newest ${target.snapshots.at(-1)?.name}`
    : isEmpty
    ? "it is empty, but ZFS replaces no clone, and none where one side is encrypted"
    : target.type === "volume"
    ? "a volume without snapshots"
    : "files or datasets, without snapshots";
  return conflictPlan({
    kind: "foreign-data",
    found,
    sourceNewest: newest,
    targetNewest: target.snapshots.at(-1),
    isPoolRoot: parentOf(target.name) === undefined,
  });
}

/** A cut transfer goes on when its snapshot still exists and would be sent the same way; else it is discarded. */
function planResume(facts: DatasetFacts, policy: Policy, token: string): Plan {
  const { source, target, targetName } = facts;
  const state = facts.token ?? { kind: "invalid", why: "it could not be read" };
  const why = state.kind === "invalid" ? state.why : tokenFault(facts, state.token, policy);
  if (why === undefined && state.kind === "valid") {
    const to = source.snapshots.find((snapshot) => snapshot.guid === state.token.toGuid);
    if (to) {
      const resume: Step = {
        kind: "resume",
        dataset: source.name,
        target: targetName,
        type: source.type,
        to,
        raw: state.token.raw,
        token,
        receivedBytes: state.token.receivedBytes,
        // A first copy into what was there and empty goes on by `-F` alone, and only while that is proven. One that made
        // its dataset itself needs none, and nobody could have put anything there.
        force: facts.targetIsEmpty && target?.snapshots.length === 0,
      };
      const steps = stepsPlan([resume, ...incrementalSteps(facts, policy, to)]);
      const common = target && newestCommon(source, target);
      return common ? refuseNameClash(facts, common, () => steps) : steps;
    }
  }
  const discard: Step = { kind: "discard-partial", target: targetName, why: why ?? "its snapshot is gone" };
  // Without snapshots it is a first copy that was cut: discarding takes the dataset away, unless it was there before.
  const stays = target !== undefined &&
    (target.snapshots.length > 0 || parentOf(targetName) === undefined || facts.targetIsEmpty ||
      facts.targetHasChildren);
  const { resumeToken: _, ...rest } = target ?? {} as Dataset;
  const clean = stays ? { ...rest, resumeToken: undefined } : undefined;
  const anew = planDataset({ ...facts, target: clean, token: undefined }, policy);
  switch (anew.kind) {
    case "steps":
      return stepsPlan([discard, ...anew.steps]);
    case "up-to-date":
      return stepsPlan([discard]);
    case "conflict":
      return anew;
  }
}

function tokenFault(facts: DatasetFacts, token: ResumeToken, policy: Policy): string | undefined {
  const { source, target } = facts;
  if (!source.snapshots.some((snapshot) => snapshot.guid === token.toGuid)) {
    return `its snapshot ${token.toName} is gone`;
  }
  if (source.encryption !== "off" && token.raw !== isRaw(source, policy)) {
    return `it was sent ${token.raw ? "raw" : "decrypted"}, and now that is not wanted`;
  }
  const newest = target?.snapshots.at(-1);
  if (newest !== undefined && (newest.guid !== token.fromGuid || (target?.writtenBytes ?? 0n) > 0n)) {
    return "the target changed since";
  }
  if (newest === undefined && parentOf(facts.targetName) === undefined && !facts.targetIsEmpty) {
    return "the pool's root is not proven empty any more";
  }
  // Nothing can be made below what a first copy made itself and left half: so this was there before, and was empty then.
  if (newest === undefined && facts.targetHasChildren && !facts.targetIsEmpty) {
    return "somebody made datasets below it since";
  }
  return undefined;
}

/** Refuses when a snapshot that has to arrive would meet another of the same name. */
function refuseNameClash(facts: DatasetFacts, common: Common, plan: () => Plan): Plan {
  const discarded = new Set(common.targetNewer);
  const later = facts.source.snapshots.filter(({ createtxg }) => createtxg > common.source.createtxg);
  const wanted = new Set(later.map((snapshot) => snapshot.name));
  const stay = (facts.target?.snapshots ?? []).filter((snapshot) => !discarded.has(snapshot));
  const names = stay.map((snapshot) => snapshot.name).filter((name) => wanted.has(name));
  return names.length > 0 ? conflictPlan({ kind: "name-taken", names }) : plan();
}
