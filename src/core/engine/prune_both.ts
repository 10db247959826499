/**
 * Retention on both sides after a run, from what the run knows: no listing is made again.
 *
 * @module
 */

import type { Dataset } from "../../zfs/dataset.ts";
import type { Guid } from "../../zfs/names.ts";
import { isAnyOwnBookmark, isOwnBookmark } from "../../zfs/own_names.ts";
import { fullName, type Snapshot, type Version } from "../../zfs/version.ts";
import { leftovers, mayFollow, type OwnNames, type WholeSource, wholeSource } from "../leftovers.ts";
import { newestCommon } from "../plan/common_version.ts";
import { retain, type Verdict } from "../retention.ts";
import type { PlanInput } from "../plan/plan_tree.ts";
import { clockAgrees } from "../preflight/host_checks.ts";
import type { ReplicateInput, ReplicatePorts } from "./input.ts";
import type { Prepared } from "./prepare.ts";
import { prune, type PruneResult } from "./prune.ts";
import { seenBy } from "./seen.ts";
import type { Account, Tally } from "./tally.ts";

/** What pruning needs of a run. */
export interface PruneRun {
  readonly input: ReplicateInput;
  readonly ports: ReplicatePorts;
  readonly prepared: Prepared;
  readonly planInput: PlanInput;
  readonly tally: Tally;
  /** Full names of snapshots of the source whose copies are not marked yet, see `mark_arrived.ts`. */
  readonly waiting: ReadonlySet<string>;
  readonly key: string;
}

/** What was pruned. */
export interface PruneReport {
  readonly source: PruneResult;
  readonly target: PruneResult;
  readonly failures: readonly string[];
  /** How many snapshots of others the target still has although the source has them no more. */
  readonly leftovers: number;
}

/** Now, in milliseconds since 1970; `undefined` where the clocks disagree: nobody knows which of them is wrong. */
function trustedNow({ ports, prepared }: PruneRun): number | undefined {
  return clockAgrees(prepared.source) && clockAgrees(prepared.target) ? ports.clock() : undefined;
}

/** A transaction group after all others: on a target everything counts as replicated. */
export const afterAll: bigint = (1n << 64n) - 1n;

/** The verdicts on one dataset of the source. */
export function sourceVerdicts(dataset: Dataset, account: Readonly<Account> | undefined, run: PruneRun): Verdict[] {
  const token = account && run.planInput.tokens.get(account.target);
  const base = account && (account.at ?? listedCommon(dataset, account, run.planInput));
  // This job's own older bookmarks are done with once something arrived: they go, or went, with the run.
  const isNeeded = (bookmark: string): boolean =>
    isAnyOwnBookmark(bookmark) && !(account?.at && isOwnBookmark(bookmark, run.key));
  const needed = new Set<Guid>([
    ...dataset.bookmarks.filter(({ name }) => isNeeded(name)).map(({ guid }) => guid),
    ...(base ? [base.guid] : []),
    ...(token?.kind === "valid" ? [token.token.toGuid, ...(token.token.fromGuid ? [token.token.fromGuid] : [])] : []),
  ]);
  const isOpen = account?.goal !== undefined && account.at?.guid !== account.goal.guid;
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
      ? { ...verdict, action: "keep", reason: "its copy waits to be marked as bzman's" }
      : verdict
  );
}

/**
 * The common version as it was listed before the run, for a dataset of which nothing arrived; `undefined` when a copy was
 * begun anew: then anything may be what the target has by now.
 */
function listedCommon(dataset: Dataset, account: Readonly<Account>, input: PlanInput): Version | undefined {
  const { plan } = account;
  const anew = plan.kind === "steps" &&
    plan.steps.some(({ kind }) => kind === "full" || kind === "clone" || kind === "set-aside");
  const target = anew ? undefined : input.target.find(({ name }) => name === account.target);
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
  account: Readonly<Account>,
  run: PruneRun,
): Verdict[] {
  const { at } = account;
  const listed = new Set(dataset.snapshots);
  const known = new Set(dataset.snapshots.map(({ guid }) => guid));
  const base = source && newestCommon(source, dataset)?.source.createtxg;
  const arrived = at && source && base !== undefined
    ? source.snapshots.filter(({ guid, createtxg }) =>
      createtxg > base && createtxg <= at.createtxg && !known.has(guid)
    )
    : [];
  const needed = new Set<Guid>([
    ...dataset.bookmarks.filter(({ name }) => isAnyOwnBookmark(name)).map(({ guid }) => guid),
    ...(at ? [at.guid] : []),
  ]);
  return retain({
    snapshots: [...dataset.snapshots, ...arrived],
    prefix: run.input.prefix,
    adopt: run.input.adopt,
    keep: run.input.keep,
    nowMs: trustedNow(run),
    needed,
    newestCommonTxg: at ? afterAll : undefined,
    busySinceTxg: undefined,
  }).filter(({ snapshot }) => listed.has(snapshot));
}

/** Prunes both sides. */
export async function pruneBoth(run: PruneRun): Promise<PruneReport> {
  const { input, ports, prepared, tally } = run;
  if (input.keep.kind === "age" && trustedNow(run) === undefined) {
    const text = "no snapshot was destroyed for its age: the clocks of the hosts differ by more than a minute; " +
      "set them right (systemctl enable --now chronyd), and the next run makes up for it";
    ports.listener({ kind: "note", level: "warning", text });
  }
  const bySource = new Map(tally.accounts.map((account) => [account.dataset, account]));
  const sources = new Map(run.planInput.source.map((dataset) => [dataset.name, dataset]));
  const byTarget = new Map(tally.accounts.map((account) => [account.target, account]));
  const source = run.planInput.source.flatMap((dataset) => sourceVerdicts(dataset, bySource.get(dataset.name), run));
  const own = { prefix: input.prefix, adopt: input.adopt };
  const whole = wholeSource(prepared.sourceTree.datasets);
  const seen = noteSeen(run, whole, own);
  const left: Snapshot[] = [];
  const unproven: Snapshot[] = [];
  const target = run.planInput.target.flatMap((dataset) => {
    const account = byTarget.get(dataset.name);
    // What was set aside has another name by now, and what a promotion moved too; of the latter the next run takes care.
    const isAside = account?.plan.kind === "steps" && account.plan.steps.some(({ kind }) => kind === "set-aside");
    const moved = isAside || tally.promotions.hasPart(dataset.name);
    const origin = account && sources.get(account.dataset);
    const gone = origin && !moved ? leftovers(origin, dataset, whole, own) : [];
    left.push(...gone);
    if (!account?.at || account.fault || moved) return [];
    const verdicts = targetVerdicts(dataset, origin, account, run);
    if (origin === undefined || input.foreignSnapshots === "keep") return verdicts;
    const follow = mayFollow(gone, origin, whole, seen);
    unproven.push(...gone.filter((snapshot) => !follow.includes(snapshot)));
    return [...verdicts, ...follow.map(goneVerdict)];
  });
  if (unproven.length > 0) {
    const text =
      `${unproven.length} snapshot${unproven.length === 1 ? "" : "s"} of others stay on the target, the first ` +
      `is ${fullName(unproven[0]!)}: nothing proves that the source had them and let go of them; ` +
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
    safely(prune(source, { ...shared, host: ports.source, isRoot: prepared.source.isRoot, key: run.key })),
    safely(prune(target, { ...shared, host: ports.target, isRoot: prepared.target.isRoot, key: undefined })),
  ]);
  const destroyed = new Set(there.destroyed);
  return {
    source: here,
    target: there,
    failures: [...here.failures, ...there.failures],
    leftovers: left.filter((snapshot) => !destroyed.has(snapshot)).length,
  };
}

/**
 * Notes what the source has, for later runs; returns the GUIDs of all that datasets which are still there were ever seen to have.
 * One that was destroyed, with its pool perhaps, did not let go of its snapshots one by one: in its place stands what was
 * restored, often no more than the newest, and the copy has the only ones of the others.
 */
function noteSeen({ ports, prepared, planInput, key }: PruneRun, whole: WholeSource, own: OwnNames): ReadonlySet<Guid> {
  const before = ports.seen?.seen(key);
  if (before === undefined) return new Set();
  const seen = seenBy(before, prepared.sourceTree.datasets, whole, planInput.target, own);
  ports.seen?.noteSeen(key, seen);
  const there = new Set(prepared.sourceTree.datasets.map(({ guid }) => guid));
  return new Set([...seen].flatMap(([dataset, guids]) => there.has(dataset) ? guids : []));
}

/** What the user asked for with `--foreign-snapshots follow-source`. */
function goneVerdict(snapshot: Snapshot): Verdict {
  return { snapshot, action: "destroy", reason: "the source has it no more", ofOthers: true };
}
