/**
 * Proves a copy: both trees compared version by version, and their contents where that is asked for.
 *
 * @module
 */

import { targetKey } from "../../zfs/names/bzman_names.ts";
import type { Dataset } from "../../zfs/names/dataset.ts";
import { poolOf } from "../../zfs/names/names.ts";
import { joinVersions, listOwnVersions } from "../../zfs/parsers/list.ts";
import { type CheckFinding, worstOf } from "../check.ts";
import { exitStatus, Fault } from "../fault.ts";
import { findIgnorableWrites } from "../inspect/ignorable_writes.ts";
import { allSeen, type KnownSnapshotsStore } from "../inspect/known_snapshots.ts";
import { listTree } from "../inspect/list_tree.ts";
import { type HostInfo, probeHost } from "../inspect/probe.ts";
import { query } from "../inspect/query.ts";
import type { Clock } from "../ports.ts";
import { checkHost, checkPool } from "../preflight/host_checks.ts";
import { checkOverlap } from "../preflight/overlap_checks.ts";
import { refusal } from "../preflight/refusal.ts";
import { compareBlocks } from "./compare_blocks.ts";
import { compareFiles, type ContentPorts } from "./compare_files.ts";
import { compareTrees, type DatasetComparison, type TreeComparison, type VerifyScope } from "./compare_trees.ts";
import { compareVersions } from "./compare_versions.ts";
import type { ContentAmount, ContentResult } from "./content.ts";
import { readiness, type SnapshotPair } from "./content_pairs.ts";
import { type ComparedContent, judgeContent } from "./judge_content.ts";
import { judgeTrees } from "./judge_trees.ts";
import type { Unread } from "./read_content.ts";
import { receivedBy } from "./received.ts";
import type { TreeVerdictInputs } from "./verdict_inputs.ts";

/** What the user asked for. */
export interface VerifyInput extends VerifyScope {
  /** `undefined`: versions alone. */
  readonly content: ContentAmount | undefined;
  readonly verdictInputs: Omit<TreeVerdictInputs, "targetLabel">;
  /** By name on the target: the GUID of the newest version that the record says arrived. */
  readonly recorded: ReadonlyMap<string, string>;
}

/** The world, as verifying sees it. */
export interface VerifyPorts extends ContentPorts {
  readonly clock: Clock;
  /** What replications noted of the source. */
  readonly knownSnapshots?: Pick<KnownSnapshotsStore, "knownSnapshots">;
}

/** What was found. */
export interface Verification {
  readonly comparison: TreeComparison;
  /** The verdicts on the versions. */
  readonly versionFindings: readonly CheckFinding[];
  /** One for each dataset that was compared; `undefined` where contents were not asked for. */
  readonly contents: readonly ComparedContent[] | undefined;
  /** The verdicts on the contents. */
  readonly contentFindings: readonly CheckFinding[];
}

/**
 * Compares.
 *
 * @throws {Fault} When a side cannot be looked at, or the source is not there.
 */
export async function verifyCopy(input: VerifyInput, ports: VerifyPorts): Promise<Verification> {
  const [source, target] = await Promise.all([
    probeSide("source", ports.source, input.sourceTop, ports),
    probeSide("target", ports.target, input.targetTop, ports),
  ]);
  const overlap = checkOverlap(source, target, input.sourceTop, input.targetTop);
  if (overlap.some(({ verdict }) => verdict === "critical")) throw refusal(overlap);
  const first = await compareOnce(input, ports, target, source, undefined);
  let { comparison, versionFindings } = first;
  // What looks wrong while a replication or its retention runs is looked at once more before it is told.
  if (worstOf(versionFindings.map(({ verdict }) => verdict)) !== "ok") {
    ({ comparison, versionFindings } = await compareOnce(input, ports, target, source, first.marked));
  }
  if (input.content === undefined) {
    return { comparison, versionFindings, contents: undefined, contentFindings: [] };
  }
  const withoutRoot = [source, target].filter(({ isRoot }) => !isRoot);
  if (withoutRoot.length > 0) {
    const contentFindings = withoutRoot.map(({ label }): CheckFinding => ({
      check: "content-not-compared",
      subject: label,
      verdict: "unknown",
      text: "contents cannot be compared: mounting a snapshot needs root there",
      next: "run as root, and log in as root@HOST",
    }));
    return { comparison, versionFindings, contents: [], contentFindings };
  }
  const contents = await compareContents(comparison, input.content, ports);
  return { comparison, versionFindings, contents, contentFindings: judgeContent(contents, target.label) };
}

async function compareOnce(
  input: VerifyInput,
  ports: VerifyPorts,
  target: HostInfo,
  source: HostInfo,
  earlier: ReadonlySet<string> | undefined,
): Promise<Pick<Verification, "comparison" | "versionFindings"> & { readonly marked: ReadonlySet<string> }> {
  // The target first: whatever arrives while the source is being listed is known there, and not taken for the target's own.
  const { datasets: copies } = await listTree(ports.target, input.targetTop, { signal: ports.signal });
  const { datasets } = await listTree(ports.source, input.sourceTop, { signal: ports.signal });
  if (datasets.length === 0) throw sourceMissing(input, source);
  const known = new Set<string>(datasets.flatMap(({ snapshots, bookmarks }) => {
    return [...snapshots, ...bookmarks].map(({ guid }) => guid);
  }));
  const ignorableWrites = await findIgnorableWrites(ports.target, copies, known, ports.signal);
  const pool = target.pools.find(({ name }) => name === poolOf(input.targetTop));
  const seen = allSeen(pool && ports.knownSnapshots?.knownSnapshots(targetKey(pool.guid, input.targetTop)));
  const received = pool && receivedBy({ poolGuid: pool.guid, recorded: input.recorded, earlier });
  const comparison = compareTrees(
    { source: datasets, target: copies, ignorableWrites, seen, ...(received ? { received } : {}) },
    input,
  );
  const marked = new Set<string>(datasets.flatMap(({ bookmarks }) => bookmarks.map(({ guid }) => guid)));
  const versionFindings = judgeTrees(comparison, { ...input.verdictInputs, targetLabel: target.label });
  return { comparison, versionFindings, marked };
}

async function probeSide(
  side: "source" | "target",
  host: ContentPorts["source"],
  top: VerifyScope["sourceTop"],
  { clock, signal }: VerifyPorts,
): Promise<HostInfo> {
  const facts = await probeHost(host, poolOf(top), clock, false, signal);
  // Whoever only looks does not mind a pool that is imported read-only: a source need not be writable either.
  const pool = { ...checkPool("source", facts, poolOf(top)), check: `${side}-pool` };
  const findings = [...checkHost(side, facts), pool];
  if (findings.some(({ verdict }) => verdict === "critical")) throw refusal(findings);
  return facts;
}

/** One dataset after another; once a host is lost, the rest is not tried. */
async function compareContents(
  comparison: TreeComparison,
  amount: ContentAmount,
  ports: VerifyPorts,
): Promise<ComparedContent[]> {
  const labels = { source: ports.source.label, target: ports.target.label };
  const all: ComparedContent[] = [];
  let lost: Unread | undefined;
  for (const dataset of comparison.datasets) {
    const ready = readiness(dataset, labels);
    if ("result" in ready) {
      all.push({ dataset: dataset.source.name, snapshot: undefined, result: ready.result });
      continue;
    }
    const { pair, result } = lost ? { pair: ready.pair, result: lost } : await compareReady(ready.pair, amount, ports);
    if (result.kind === "disconnected") lost = result;
    all.push({ dataset: dataset.source.name, snapshot: pair.source.name, result: resultOf(result) });
  }
  return all;
}

function resultOf(result: ContentResult | Unread): ContentResult {
  switch (result.kind) {
    case "gone":
    case "disconnected":
    case "failed":
      return { ...result, kind: "failed" };
    default:
      return result;
  }
}

/** What comparing a pair came to, and which pair it was in the end. */
interface Compared {
  readonly pair: SnapshotPair;
  readonly result: ContentResult | Unread;
}

/** Compares a pair; where retention took it away in the meantime, the one that is the newest by now. */
async function compareReady(pair: SnapshotPair, amount: ContentAmount, ports: VerifyPorts): Promise<Compared> {
  const compare = (one: SnapshotPair) => (one.type === "volume" ? compareBlocks : compareFiles)(one, amount, ports);
  const result = await compare(pair);
  if (result.kind !== "gone") return { pair, result };
  const newer = await newestPair(pair, ports);
  return newer === undefined ? { pair, result } : { pair: newer, result: await compare(newer) };
}

async function newestPair(pair: SnapshotPair, ports: VerifyPorts): Promise<SnapshotPair | undefined> {
  const { source, state }: DatasetComparison = pair.dataset;
  if (state.kind !== "there") return undefined;
  const look = async (host: ContentPorts["source"], dataset: Dataset): Promise<Dataset | undefined> => {
    const limits = { signal: ports.signal };
    const versions = await query(host, listOwnVersions(dataset.name), `cannot list ${dataset.name}`, limits);
    return joinVersions([dataset], versions)[0];
  };
  try {
    const there = await look(ports.target, state.target);
    const here = await look(ports.source, source);
    const snapshot = here && there && compareVersions(here, there).snapshot;
    return snapshot && { ...pair, ...snapshot };
  } catch (error) {
    if (!(error instanceof Fault) || ports.signal.aborted) throw error;
    return undefined;
  }
}

function sourceMissing({ sourceTop }: VerifyScope, { label }: HostInfo): Fault {
  return new Fault({
    errorClass: "source-missing",
    what: `there is no dataset ${sourceTop}`,
    where: label,
    next: "see what is there: zfs list -o name",
    exit: exitStatus.refused,
  });
}
