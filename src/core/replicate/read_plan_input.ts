/**
 * Asks both sides for what the plan depends on besides their trees: emptiness, ignorable writes, resume tokens.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, moveName, poolOf } from "../../zfs/names/names.ts";
import { proveEmpty, syncPool } from "../../zfs/parsers/emptiness.ts";
import { isAtLeast } from "../../zfs/pools/pool.ts";
import { findIgnorableWrites } from "../inspect/ignorable_writes.ts";
import type { Tree } from "../inspect/list_tree.ts";
import type { HostInfo } from "../inspect/probe.ts";
import { decodeTokens } from "../inspect/resume_tokens.ts";
import { withPending, withPendingBase } from "../plan/pending_snapshot.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import type { ReplicateInput, ReplicatePorts } from "../run/input.ts";
import { freeName, laterName } from "./make_snapshot.ts";

export async function planInputOf(
  input: ReplicateInput,
  ports: ReplicatePorts,
  source: HostInfo,
  sourceTree: Tree,
  targetTree: Tree,
  willSnapshot: string | undefined,
  replicas: NonNullable<PlanInput["replicas"]>,
): Promise<PlanInput> {
  const isLeftOut = ({ name }: Dataset): boolean => input.isExcluded(name) || replicas.has(name);
  const included = sourceTree.datasets.filter((dataset) => !isLeftOut(dataset));
  const targetEmpty = await provenEmpty(ports, included, targetTree, input);
  const isTaken = (name: string): boolean =>
    included.some(({ snapshots }) => snapshots.some((snapshot) => snapshot.name === name));
  // One second earlier than the snapshot of all: its name must differ.
  const base = willSnapshot !== undefined && targetEmpty.has(input.targetTop) && included.length > 1
    ? freeName(laterName(willSnapshot, input.prefix, -1), input.prefix, isTaken)
    : undefined;
  const name = willSnapshot && freeName(willSnapshot, input.prefix, (free) => free === base || isTaken(free));
  const pending = (dataset: Dataset, name: string): Dataset =>
    withPending(dataset.name === input.sourceTop && base ? withPendingBase(dataset, base) : dataset, name);
  return {
    raw: input.raw,
    onDivergence: input.onDivergence,
    onForeign: input.onForeign,
    holds: true,
    nowMs: ports.clock(),
    sourceTop: input.sourceTop,
    targetTop: input.targetTop,
    source: name === undefined ? included : included.map((dataset) => pending(dataset, name)),
    excluded: sourceTree.datasets.filter(isLeftOut),
    replicas,
    target: targetTree.datasets,
    targetAncestors: targetTree.ancestors,
    targetEmpty,
    targetIgnorableWrites: await findIgnorableWrites(
      ports.target,
      targetTree.datasets,
      knownGuids(included),
      ports.signal,
    ),
    tokens: await decodeTokens(ports.source, targetTree.datasets, ports.signal),
    canExclude: isAtLeast(source.zfs.userland, 2, 2),
    packages: true,
  };
}

function knownGuids(source: readonly Dataset[]): Set<string> {
  return new Set(source.flatMap(({ snapshots, bookmarks }) => [...snapshots, ...bookmarks].map(({ guid }) => guid)));
}

/** Those leaf filesystems of the target, without snapshots, that are proven to hold nothing. */
async function provenEmpty(
  ports: ReplicatePorts,
  source: readonly Dataset[],
  tree: Tree,
  input: ReplicateInput,
): Promise<Set<string>> {
  const wanted = new Set<string>(source.map(({ name }) => moveName(name, input.sourceTop, input.targetTop)));
  const candidates = tree.datasets.filter((dataset) =>
    wanted.has(dataset.name) && dataset.type === "filesystem" && dataset.snapshots.length === 0 &&
    !tree.datasets.some((other) => other.name.startsWith(`${dataset.name}/`))
  ).map(({ name }) => name);
  if (candidates.length === 0) return new Set();
  const outcomes = await ports.target.runAll(
    [syncPool(poolOf(input.targetTop)), ...candidates.map((name) => proveEmpty(name).argv)],
    { signal: ports.signal },
  );
  // Whatever cannot be proven is not empty; without the sync first the count may be old, so that proves nothing either.
  if (outcomes[0]?.status !== 0) return new Set();
  return new Set(candidates.filter((name: DatasetName, i) => {
    const outcome = outcomes[i + 1];
    return outcome?.status === 0 && proveEmpty(name).parse(outcome.stdout);
  }));
}
