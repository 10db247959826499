/**
 * The steps that bring one dataset from a version to the newest. Pure.
 *
 * @module
 */

import { setAsideName } from "../../zfs/names/bzman_names.ts";
import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, parentOf } from "../../zfs/names/names.ts";
import type { Version } from "../../zfs/names/version.ts";
import type { DatasetFacts, Policy } from "./plan_input.ts";
import type { Step } from "./step.ts";

/** Whether a dataset is sent raw: only an encrypted one can be; of another, `-w` would only say `-e` too. */
export function isRaw(source: Dataset, policy: Pick<Policy, "raw">): boolean {
  return source.encryption !== "off" && policy.raw !== "never";
}

/** Whether ZFS replaces an empty dataset: `-F` can neither replace an encrypted one nor bring one, and replaces no clone. */
export function canReceiveOver(source: Dataset, target: Dataset, policy: Pick<Policy, "raw">): boolean {
  return target.encryption === "off" && !isRaw(source, policy) && target.origin === undefined;
}

/** What all streams of a dataset share. */
function streamOf(source: Dataset, target: DatasetName, policy: Policy) {
  const raw = isRaw(source, policy);
  const decrypted = source.encryption !== "off" && !raw;
  return { dataset: source.name, target, type: source.type, raw, ...(decrypted ? { decrypted } : {}) };
}

/** A new copy: its oldest snapshot, from its origin where the target has that, else whole; and then the rest. */
export function firstCopy(facts: DatasetFacts, policy: Policy, force: boolean): Step[] {
  const { source, targetName } = facts;
  const oldest = source.snapshots[0];
  if (oldest === undefined) return [];
  const stream = streamOf(source, targetName, policy);
  const first: Step = facts.origin && !force
    ? { kind: "clone", ...stream, origin: facts.origin, to: oldest }
    : { kind: "full", ...stream, to: oldest, force };
  return [first, ...incrementalSteps(facts, policy, oldest)];
}

/** From a version that the target has (or will have) to the newest. */
export function incrementalSteps(facts: DatasetFacts, policy: Policy, from: Version): Step[] {
  const { source, targetName } = facts;
  const stream = streamOf(source, targetName, policy);
  const later = source.snapshots.filter((snapshot) =>
    snapshot.createtxg > from.createtxg && snapshot.guid !== from.guid
  );
  const first = later[0];
  const newest = later.at(-1);
  if (first === undefined || newest === undefined) return [];
  if (!policy.holds) {
    return later.map((to, i) => ({
      kind: "incremental" as const,
      ...stream,
      from: i === 0 ? from : later[i - 1] ?? from,
      to,
      intermediates: false,
    }));
  }
  if (from.kind === "snapshot") {
    // Also for a single snapshot: `-I` holds its base while it runs, `-i` does not.
    return [{ kind: "incremental", ...stream, from, to: newest, intermediates: true }];
  }
  // A bookmark allows one step; from the snapshot it reached the rest goes at once.
  return [
    { kind: "incremental", ...stream, from, to: first, intermediates: false },
    ...(first === newest
      ? []
      : [{ kind: "incremental" as const, ...stream, from: first, to: newest, intermediates: true }]),
  ];
}

/** Sets the dataset on the target aside and copies anew; a pool's root has no other name. */
export function setAsideSteps(facts: DatasetFacts, policy: Policy): Step[] | undefined {
  if (facts.target === undefined || parentOf(facts.targetName) === undefined) return undefined;
  const as = setAsideName(facts.targetName, policy.nowMs) as DatasetName;
  return [
    { kind: "set-aside", target: facts.targetName, type: facts.target.type, as },
    ...firstCopy(facts, policy, false),
  ];
}
