/**
 * The tree on one side, with all its versions: listed anew, or where its snapshots have not changed since the last run with
 * what is remembered of them.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import {
  type BareDataset,
  joinVersions,
  listBookmarks,
  listDatasets,
  listNamedDatasets,
  listSnapshotsOf,
  listVersions,
} from "../../zfs/parsers/list.ts";
import { type DatasetName, parentOf, poolOf } from "../../zfs/names/names.ts";
import { onlyMissingNames } from "../../zfs/parsers/missing_names.ts";
import type { Version } from "../../zfs/names/version.ts";
import type { Host, Outcome } from "../ports.ts";
import { parseOutput } from "./query.ts";
import { nameBatches } from "./name_batches.ts";
import { type ListingCache, lookUp } from "./listing_cache.ts";

/** The tree on one side. */
export interface Tree {
  /** Empty when its top is not there. */
  readonly datasets: readonly Dataset[];
  /** The top's ancestors that exist. */
  readonly ancestors: readonly BareDataset[];
  /** What of it was remembered, not listed. */
  readonly cached: ListingCache;
}

/** How a tree is listed. */
export interface ListOptions {
  readonly signal: AbortSignal;
  /** Whether the datasets above are asked for (the target, whose top may not be there). */
  readonly ancestors?: boolean;
  /** What is remembered of its snapshots; then it is also asked when they last changed, which needs OpenZFS 2.2. */
  readonly cache?: ListingCache;
}

/** Listing a million snapshots takes minutes. */
const limitMs = 30 * 60_000;

/**
 * Lists a tree with all its versions.
 *
 * @throws {Fault} When the listing fails for another reason than that the top is not there.
 */
export async function listTree(host: Host, top: DatasetName, options: ListOptions): Promise<Tree> {
  const { cache, signal } = options;
  const above: DatasetName[] = [];
  if (options.ancestors) { for (let name = parentOf(top); name !== undefined; name = parentOf(name)) above.push(name); }
  const usesCache = cache !== undefined && cache.size > 0;
  const bareOnes = listDatasets(top, cache !== undefined);
  // Bookmarks come and go without a word about it: they are always asked for.
  const fresh = usesCache ? listBookmarks(top) : listVersions(top);
  const [first, second, third] = await host.runAll(
    [bareOnes.argv, fresh.argv, ...(above.length > 0 ? [listNamedDatasets(above).argv] : [])],
    { timeoutMs: limitMs, signal },
  );
  if (!first || !second) throw new RangeError("runAll gave fewer outcomes than commands");
  const ancestors = third === undefined ? [] : readAncestors(host, above, third);
  if (isMissing(top, first)) return { datasets: [], ancestors, cached: new Map() };
  const bare = parseOutput(host, bareOnes, first, `cannot list ${top}`);
  const versions = parseOutput(host, fresh, second, `cannot list ${top}`);
  if (!usesCache) return { datasets: joinVersions(bare, versions), ancestors, cached: new Map() };
  const { known, unknown, used } = lookUp(bare, cache);
  const listed = await listSnapshots(host, unknown, signal);
  // Something vanished between two questions: then they are asked anew, together.
  if (listed === undefined) return await listTree(host, top, { ...options, cache: new Map() });
  const all = [...versions, ...known, ...listed];
  return { datasets: joinVersions(bare, all), ancestors, cached: used };
}

async function listSnapshots(
  host: Host,
  datasets: readonly DatasetName[],
  signal: AbortSignal,
): Promise<Version[] | undefined> {
  if (datasets.length === 0) return [];
  const commands = nameBatches(datasets).map((batch) => listSnapshotsOf(batch as DatasetName[]));
  const outcomes = await host.runAll(commands.map(({ argv }) => argv), { timeoutMs: limitMs, signal });
  if (outcomes.some(({ status }) => status !== 0)) return undefined;
  return commands.flatMap((command, i) => parseOutput(host, command, outcomes[i]!, "cannot list snapshots"));
}

function readAncestors(host: Host, names: readonly DatasetName[], outcome: Outcome): BareDataset[] {
  const command = listNamedDatasets(names);
  if (onlyMissingNames(outcome)) return command.parse(outcome.stdout);
  return parseOutput(host, command, outcome, `cannot list ${poolOf(names[0]!)}`);
}

/** Of a child that vanishes while its tree is listed ZFS says the same: that is no reason to take the whole for missing. */
function isMissing(top: DatasetName, outcome: Outcome): boolean {
  return onlyMissingNames(outcome) && outcome.stdout.trim() === "" &&
    outcome.stderr.includes(`cannot open '${top}': dataset does not exist`);
}
