/**
 * Retention on both sides after a run, from what the run knows: no listing is made again.
 *
 * @module
 */

import { isAnyBzmanBookmark, isBzmanBookmarkFor } from "../../zfs/names/bzman_names.ts";
import type { Dataset } from "../../zfs/names/dataset.ts";
import type { Guid } from "../../zfs/names/names.ts";
import { fullName, type Snapshot, type Version } from "../../zfs/names/version.ts";
import { newestCommon } from "../inspect/common_version.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import { clockAgrees } from "../preflight/host_checks.ts";
import type { DatasetState } from "../run/dataset_state.ts";
import type { ReplicateInput, ReplicatePorts } from "../run/input.ts";
import type { Prepared } from "../run/prepared.ts";
import type { RunState } from "../run/run_state.ts";
import {
  orphanedForeignSnapshots,
  type OwnNames,
  provenDeleted,
  type WholeSource,
  wholeSource,
} from "./foreign_snapshots.ts";
import { updateKnownSnapshots } from "./known_source_snapshots.ts";
import { type PruneResult, pruneSnapshots } from "./prune_snapshots.ts";
import { retain, type RetentionVerdict } from "./retention_policy.ts";

/** What pruning needs of a run. */
export interface PruneRun {
  readonly input: ReplicateInput;
  readonly ports: ReplicatePorts;
  readonly prepared: Prepared;
  readonly planInput: PlanInput;
  readonly state: RunState;
  /** Full names of snapshots of the source whose copies are not marked yet, see `tag_received.ts`. */
  readonly waiting: ReadonlySet<string>;
  readonly key: string;
}

/** What was pruned. */
export interface PruneReport {
  readonly source: PruneResult;
  readonly target: PruneResult;
  readonly failures: readonly string[];
  /** How many snapshots of others the target still has although the source has them no more. */
  readonly foreignSnapshots: number;
}

/** Now, in milliseconds since 1970; `undefined` where the clocks disagree: nobody knows which of them is wrong. */
function trustedNow({ ports, prepared }: PruneRun): number | undefined {
  return clockAgrees(prepared.source) && clockAgrees(prepared.target) ? ports.clock() : undefined;
}

/** A transaction group after all others: on a target everything counts as replicated. */
export const allReplicatedTxg: bigint = (1n << 64n) - 1n;

/** The verdicts on one dataset of the source. */
export function sourceVerdicts(
  dataset: Dataset,
  state: Readonly<DatasetState> | undefined,
  run: PruneRun,
): RetentionVerdict[] {
  const token = state && run.planInput.tokens.get(state.target);
  const base = state && (state.at ?? listedCommon(dataset, state, run.planInput));
  // This job's own older bookmarks are done with once something arrived: they go, or went, with the run.
  const isNeeded = (bookmark: string): boolean =>
    isAnyBzmanBookmark(bookmark) && !(state?.at && isBzmanBookmarkFor(bookmark, run.key));
  const needed = new Set<Guid>([
    ...dataset.bookmarks.filter(({ name }) => isNeeded(name)).map(({ guid }) => guid),
    ...(base ? [base.guid] : []),
    ...(token?.kind === "valid" ? [token.token.toGuid, ...(token.token.fromGuid ? [token.token.fromGuid] : [])] : []),
  ]);
  const isOpen = state?.goal !== undefined && state.at?.guid !== state.goal.guid;
  return retain({
    snapshots: dataset.snapshots,
    prefix: run.input.prefix,
    adopt: run.input.adopt,
    keep: run.input.keep,
    nowMs: trustedNow(run),
    needed,
    newestCommonTxg: base?.createtxg,
    busySinceTxg: isOpen ? base?.createtxg : undefined,
  }).map((verdict) =>
    verdict.action === "destroy" && run.waiting.has(fullName(verdict.snapshot))
      ? { ...verdict, action: "keep", reason: "its copy is not tagged as bzman's yet" }
      : verdict
  );
}

/**
 * The common version as it was listed before the run, for a dataset of which nothing arrived; `undefined` when a copy was
 * begun anew: then anything may be what the target has by now.
 */
function listedCommon(dataset: Dataset, state: Readonly<DatasetState>, input: PlanInput): Version | undefined {
  const { plan } = state;
  const anew = plan.kind === "steps" &&
    plan.steps.some(({ kind }) => kind === "full" || kind === "clone" || kind === "set-aside");
  const target = anew ? undefined : input.target.find(({ name }) => name === state.target);
  return target && newestCommon(dataset, target)?.source;
}

/**
 * The verdicts on one dataset of the target: only of one that is up to date. What arrived since it was listed counts too: of
 * the last N that are kept, the new ones are some.
 *
 * @param source The same dataset on the source, as it is after the run.
 */
export function targetVerdicts(
  dataset: Dataset,
  source: Dataset | undefined,
  state: Readonly<DatasetState>,
  run: PruneRun,
): RetentionVerdict[] {
  const { at } = state;
  const listed = new Set(dataset.snapshots);
  const known = new Set(dataset.snapshots.map(({ guid }) => guid));
  const base = source && newestCommon(source, dataset)?.source.createtxg;
  const arrived = at && source && base !== undefined
    ? source.snapshots.filter(({ guid, createtxg }) =>
      createtxg > base && createtxg <= at.createtxg && !known.has(guid)
    )
    : [];
  const needed = new Set<Guid>([
    ...dataset.bookmarks.filter(({ name }) => isAnyBzmanBookmark(name)).map(({ guid }) => guid),
    ...(at ? [at.guid] : []),
  ]);
  return retain({
    snapshots: [...dataset.snapshots, ...arrived],
    prefix: run.input.prefix,
    adopt: run.input.adopt,
    keep: run.input.keep,
    nowMs: trustedNow(run),
    needed,
    newestCommonTxg: at ? allReplicatedTxg : undefined,
    busySinceTxg: undefined,
  }).filter(({ snapshot }) => listed.has(snapshot));
}

/** Prunes both sides. */
export async function pruneAfterRun(run: PruneRun): Promise<PruneReport> {
  const { input, ports, prepared, state } = run;
  if (input.keep.kind === "age" && trustedNow(run) === undefined) {
    const text = "no snapshot was destroyed for its age: the clocks of the hosts differ by more than a minute; " +
      "set them right (systemctl enable --now chronyd), and the next run makes up for it";
    ports.listener({ kind: "note", level: "warning", text });
  }
  const bySource = new Map(state.datasets.map((datasetState) => [datasetState.dataset, datasetState]));
  const sources = new Map(run.planInput.source.map((dataset) => [dataset.name, dataset]));
  const byTarget = new Map(state.datasets.map((datasetState) => [datasetState.target, datasetState]));
  const source = run.planInput.source.flatMap((dataset) => sourceVerdicts(dataset, bySource.get(dataset.name), run));
  const own = { prefix: input.prefix, adopt: input.adopt };
  const whole = wholeSource(prepared.sourceTree.datasets);
  const known = noteKnownSnapshots(run, whole, own);
  const left: Snapshot[] = [];
  const unproven: Snapshot[] = [];
  const target = run.planInput.target.flatMap((dataset) => {
    const datasetState = byTarget.get(dataset.name);
    // What was set aside has another name by now, and what a promotion moved too; of the latter the next run takes care.
    const isAside = datasetState?.plan.kind === "steps" &&
      datasetState.plan.steps.some(({ kind }) => kind === "set-aside");
    const moved = isAside || state.promotions.hasPart(dataset.name);
    const origin = datasetState && sources.get(datasetState.dataset);
    const orphaned = origin && !moved ? orphanedForeignSnapshots(origin, dataset, whole, own) : [];
    left.push(...orphaned);
    if (!datasetState?.at || datasetState.fault || moved) return [];
    const verdicts = targetVerdicts(dataset, origin, datasetState, run);
    if (origin === undefined || input.foreignSnapshots === "keep") return verdicts;
    const follow = provenDeleted(orphaned, origin, whole, known);
    unproven.push(...orphaned.filter((snapshot) => !follow.includes(snapshot)));
    return [...verdicts, ...follow.map(followSourceVerdict)];
  });
  if (unproven.length > 0) {
    const text =
      `${unproven.length} foreign snapshot${unproven.length === 1 ? "" : "s"} kept on the target, the first ` +
      `is ${fullName(unproven[0]!)}: nothing proves that the source had and deleted them; ` +
      "destroy by hand what nobody needs";
    ports.listener({ kind: "note", level: "info", text });
  }
  const shared = { ...own, signal: ports.signal };
  const safely = async (work: Promise<PruneResult>): Promise<PruneResult> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return { destroyed: [], kept: [], failures: [error.message] };
    }
  };
  const [here, there] = await Promise.all([
    safely(pruneSnapshots(source, { ...shared, host: ports.source, isRoot: prepared.source.isRoot, key: run.key })),
    safely(pruneSnapshots(target, { ...shared, host: ports.target, isRoot: prepared.target.isRoot, key: undefined })),
  ]);
  const destroyed = new Set(there.destroyed);
  return {
    source: here,
    target: there,
    failures: [...here.failures, ...there.failures],
    foreignSnapshots: left.filter((snapshot) => !destroyed.has(snapshot)).length,
  };
}

/**
 * Notes what the source has, for later runs; returns the GUIDs of all that datasets which are still there were ever seen to have.
 * One that was destroyed, with its pool perhaps, did not let go of its snapshots one by one: in its place stands what was
 * restored, often no more than the newest, and the copy has the only ones of the others.
 */
function noteKnownSnapshots(
  { ports, prepared, planInput, key }: PruneRun,
  whole: WholeSource,
  own: OwnNames,
): ReadonlySet<Guid> {
  const before = ports.knownSnapshots?.knownSnapshots(key);
  if (before === undefined) return new Set();
  const known = updateKnownSnapshots(before, prepared.sourceTree.datasets, whole, planInput.target, own);
  ports.knownSnapshots?.storeKnownSnapshots(key, known);
  const there = new Set(prepared.sourceTree.datasets.map(({ guid }) => guid));
  return new Set([...known].flatMap(([dataset, guids]) => there.has(dataset) ? guids : []));
}

/** What the user asked for with `--foreign-snapshots follow-source`. */
function followSourceVerdict(snapshot: Snapshot): RetentionVerdict {
  return { snapshot, action: "destroy", reason: "the source has deleted it", foreign: true };
}
