/**
 * The two listings that tell all about a tree: its datasets, and their versions. Only `guid` and `createtxg` are asked
 * of versions, since every further column makes `zfs list` open each snapshot (35 % slower on 2,000 of them).
 *
 * @module
 */

import { type Command, dashAsUndefined, eachRow, parseCount, parseRows } from "../arguments/command.ts";
import type { Dataset } from "../names/dataset.ts";
import { type DatasetName, type Guid, parseDatasetName, parseGuid, parseVersionPart } from "../names/names.ts";
import { type Bookmark, byAge, type Snapshot, type Version } from "../names/version.ts";

const datasetColumns = [
  "name",
  "type",
  "guid",
  "createtxg",
  "used",
  "usedbysnapshots",
  "usedbyrefreservation",
  "available",
  "referenced",
  "written",
  "origin",
  "encryption",
  "encryptionroot",
  "keystatus",
  "receive_resume_token",
  "canmount",
  "mounted",
  "readonly",
] as const;

/** A dataset before its versions are added. */
export type BareDataset = Omit<Dataset, "snapshots" | "bookmarks">;

/**
 * Lists a dataset and all below it, without versions.
 *
 * @param changes Whether it is asked when their snapshots last changed, which needs OpenZFS 2.2.
 */
export function listDatasets(top: DatasetName, changes = false): Command<BareDataset[]> {
  const columns = changes ? [...datasetColumns, "snapshots_changed"] : datasetColumns;
  return {
    argv: ["zfs", "list", "-H", "-p", "-t", "filesystem,volume", "-r", "-o", columns.join(","), top],
    parse: (stdout) => parseDatasets(stdout, changes),
  };
}

/** When the snapshots of a dataset last changed. */
export interface SnapshotsChange {
  readonly guid: Guid;
  /** Seconds since 1970 by its host's clock; `undefined` where ZFS does not know. */
  readonly changedAt: number | undefined;
  /** The snapshot it was cloned from: what a promotion brings changes this, and not the time. */
  readonly origin: string | undefined;
}

/**
 * Lists when the snapshots of a dataset, and of all below it, last changed, by name: needs OpenZFS 2.2 (zfsprops(7),
 * `snapshots_changed`).
 */
export function listChanges(top: DatasetName): Command<ReadonlyMap<string, SnapshotsChange>> {
  return {
    argv: ["zfs", "list", "-H", "-p", "-t", "filesystem,volume", "-r", "-o", "name,guid,origin,snapshots_changed", top],
    parse: (stdout) =>
      new Map(
        parseRows(stdout, 4).filter(([name]) => !name?.includes("/%")).map((
          [name = "", guid = "", origin = "", changed = ""],
        ) => [
          parseDatasetName(name),
          { guid: parseGuid(guid), changedAt: parseChange(changed), origin: dashAsUndefined(origin) },
        ]),
      ),
  };
}

/** Lists the named datasets alone; those that do not exist make the status 1 and are missing from the output. */
export function listNamedDatasets(names: readonly DatasetName[]): Command<BareDataset[]> {
  return {
    argv: ["zfs", "list", "-H", "-p", "-t", "filesystem,volume", "-d", "0", "-o", datasetColumns.join(","), ...names],
    parse: (stdout) => parseDatasets(stdout, false),
  };
}

function parseDatasets(stdout: string, changes: boolean): BareDataset[] {
  const rows = parseRows(stdout, datasetColumns.length + (changes ? 1 : 0));
  // A cut forced receive into a pool root shows its hidden half as `POOL/%recv`: not a dataset of anybody's.
  return rows.filter((row) => !row[0]?.includes("/%")).map(parseDataset);
}

function parseDataset(row: readonly string[]): BareDataset {
  const field = Object.fromEntries(datasetColumns.map((column, i) => [column, row[i] ?? ""])) as Record<
    typeof datasetColumns[number],
    string
  >;
  if (field.type !== "filesystem" && field.type !== "volume") throw new SyntaxError(`unknown type ${field.type}`);
  const encryptionRoot = dashAsUndefined(field.encryptionroot);
  const changedAt = parseChange(row[datasetColumns.length]);
  return {
    name: parseDatasetName(field.name),
    type: field.type,
    guid: parseGuid(field.guid),
    createtxg: parseCount(field.createtxg),
    usedBytes: parseCount(field.used),
    usedBySnapshotsBytes: parseCount(field.usedbysnapshots),
    usedByRefreservationBytes: parseCount(field.usedbyrefreservation),
    availableBytes: parseCount(field.available),
    referencedBytes: parseCount(field.referenced),
    writtenBytes: parseCount(field.written),
    origin: dashAsUndefined(field.origin),
    encryption: field.encryption === "-" ? "off" : field.encryption,
    encryptionRoot: encryptionRoot === undefined ? undefined : parseDatasetName(encryptionRoot),
    keyStatus: field.keystatus === "available" || field.keystatus === "unavailable" ? field.keystatus : "none",
    resumeToken: dashAsUndefined(field.receive_resume_token),
    canmount: field.canmount === "on" || field.canmount === "off" || field.canmount === "noauto"
      ? field.canmount
      : undefined,
    mounted: field.mounted === "yes",
    readonly: field.readonly === "on",
    ...(changedAt === undefined ? {} : { snapshotsChangedAt: changedAt }),
  };
}

/** `-` where no snapshot was ever made, or the pool keeps no such time. */
function parseChange(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9][0-9]*$/.test(text) ? Number(text) : undefined;
}

/** Lists the versions of a dataset and of all below it. */
export function listVersions(top: DatasetName): Command<Version[]> {
  return {
    argv: ["zfs", "list", "-H", "-p", "-t", "snapshot,bookmark", "-r", "-o", "name,guid,createtxg", top],
    parse: parseVersions,
  };
}

/** Lists the bookmarks of a dataset and of all below it: one question for each dataset, however many snapshots it has. */
export function listBookmarks(top: DatasetName): Command<Version[]> {
  return {
    argv: ["zfs", "list", "-H", "-p", "-t", "bookmark", "-r", "-o", "name,guid,createtxg", top],
    parse: parseVersions,
  };
}

/** Lists the snapshots of the named datasets alone. */
export function listSnapshotsOf(datasets: readonly DatasetName[]): Command<Version[]> {
  return {
    argv: ["zfs", "list", "-H", "-p", "-t", "snapshot", "-d", "1", "-o", "name,guid,createtxg", ...datasets],
    parse: parseVersions,
  };
}

/** Lists the versions of a dataset alone. */
export function listOwnVersions(dataset: DatasetName): Command<Version[]> {
  return {
    argv: ["zfs", "list", "-H", "-p", "-t", "snapshot,bookmark", "-d", "1", "-o", "name,guid,createtxg", dataset],
    parse: (stdout) => parseVersions(stdout).filter((version) => version.dataset === dataset),
  };
}

/** Lists the named snapshots alone: cheap, and how arrival is verified. Missing ones make the status 1. */
export function listNamedSnapshots(names: readonly string[]): Command<Version[]> {
  return {
    argv: ["zfs", "list", "-H", "-p", "-t", "snapshot", "-o", "name,guid,createtxg", ...names],
    parse: parseVersions,
  };
}

/**
 * Reads rows of name, guid and createtxg. There may be a million: a name that comes again is checked once and kept once.
 *
 * @throws {SyntaxError} When a row is neither a snapshot nor a bookmark.
 */
export function parseVersions(stdout: string): Version[] {
  const versions: Version[] = [];
  const datasets = new Map<string, DatasetName>();
  const parts = new Map<string, string>();
  const counts = new Map<string, bigint>();
  for (const [name = "", guid = "", createtxg = ""] of eachRow(stdout, 3)) {
    const [, before = "", sign = "", after = ""] = /^([^@#]+)([@#])([^@#]+)$/.exec(name) ?? [];
    if (sign === "") throw new SyntaxError(`${JSON.stringify(name)} is neither a snapshot nor a bookmark`);
    if (before.includes("/%")) continue;
    versions.push({
      kind: sign === "@" ? "snapshot" : "bookmark",
      dataset: kept(datasets, before, parseDatasetName),
      // `%` stands in no name a person can give, but a running receive shows `DS@%…`; it is let through and never used.
      name: kept(parts, after, (text) => text.startsWith("%") ? text : parseVersionPart(text)),
      // Made anew: a piece of the output would keep all of it in memory.
      guid: String(BigInt(parseGuid(guid))) as Guid,
      // A recursive snapshot has one for all.
      createtxg: kept(counts, createtxg, parseCount),
    });
  }
  return versions;
}

/** What was read of a text, by `read` the first time. */
function kept<T>(known: Map<string, T>, text: string, read: (text: string) => T): T {
  const before = known.get(text);
  if (before !== undefined) return before;
  const value = read(text);
  known.set(text, value);
  return value;
}

/** Joins the two listings: every dataset with its versions, oldest first; in the order of `datasets`. */
export function joinVersions(datasets: readonly BareDataset[], versions: readonly Version[]): Dataset[] {
  const snapshots = new Map<string, Snapshot[]>(datasets.map((dataset) => [dataset.name, []]));
  const bookmarks = new Map<string, Bookmark[]>(datasets.map((dataset) => [dataset.name, []]));
  for (const version of versions) {
    if (version.name.startsWith("%")) continue;
    if (version.kind === "snapshot") snapshots.get(version.dataset)?.push(version);
    else bookmarks.get(version.dataset)?.push(version);
  }
  return datasets.map((dataset) => ({
    ...dataset,
    snapshots: (snapshots.get(dataset.name) ?? []).sort(byAge),
    bookmarks: (bookmarks.get(dataset.name) ?? []).sort(byAge),
  }));
}
