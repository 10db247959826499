/**
 * What `zpool list` and `zfs version` tell of a host.
 *
 * @module
 */

import { type Command, parseCount, parseRows } from "../arguments/command.ts";
import { type DatasetName, type Guid, parseDatasetName, parseGuid } from "../names/names.ts";

/** A pool as `zpool list` shows it. */
export interface Pool {
  readonly name: DatasetName;
  readonly guid: Guid;
  readonly sizeBytes: bigint;
  readonly allocatedBytes: bigint;
  readonly freeBytes: bigint;
  /** Percent, or `undefined` where the pool cannot tell. */
  readonly fragmentationPercent: number | undefined;
  /** `ONLINE`, `DEGRADED`, `FAULTED`, `SUSPENDED`, … */
  readonly health: string;
  readonly readonly: boolean;
}

const poolColumns = ["name", "guid", "size", "allocated", "free", "fragmentation", "health", "readonly"];

/** Lists every imported pool, or those named alone: a hanging one holds up a list of all. */
export function listPools(...names: readonly DatasetName[]): Command<Pool[]> {
  return {
    argv: ["zpool", "list", "-H", "-p", "-o", poolColumns.join(","), ...names],
    parse: (stdout) => parseRows(stdout, poolColumns.length).map(parsePool),
  };
}

function parsePool(row: readonly string[]): Pool {
  const [name = "", guid = "", size = "", allocated = "", free = "", fragmentation = "", health = "", readonly = ""] =
    row;
  const percent = /^([0-9]+)%?$/.exec(fragmentation);
  return {
    name: parseDatasetName(name),
    guid: parseGuid(guid),
    sizeBytes: parseCount(size),
    allocatedBytes: parseCount(allocated),
    freeBytes: parseCount(free),
    fragmentationPercent: percent ? Number(percent[1]) : undefined,
    health,
    readonly: readonly === "on",
  };
}

/** The release of OpenZFS, user side and kernel side, such as `2.3.9`. */
export interface ZfsVersion {
  readonly userland: string;
  /** `undefined` where only the programs are there and no kernel module answers. */
  readonly kernel: string | undefined;
}

/** Asks for the release of OpenZFS. */
export function zfsVersion(): Command<ZfsVersion> {
  return { argv: ["zfs", "version"], parse: parseZfsVersion };
}

function parseZfsVersion(stdout: string): ZfsVersion {
  const userland = /^zfs-([0-9]+\.[0-9]+[^\s]*)/m.exec(stdout)?.[1];
  if (userland === undefined) throw new SyntaxError(`not the output of 'zfs version': ${stdout.slice(0, 200)}`);
  return { userland, kernel: /^zfs-kmod-([0-9]+\.[0-9]+[^\s]*)/m.exec(stdout)?.[1] };
}

/**
 * Compares the first two numbers of a release with a wanted one.
 *
 * @param release Such as `2.1.11-1`.
 * @param major First number.
 * @param minor Second number.
 * @returns Whether `release` is `major.minor` or newer.
 */
export function isAtLeast(release: string, major: number, minor: number): boolean {
  const [have = 0, haveMinor = 0] = release.split(".").map((part) => Number.parseInt(part, 10));
  return have > major || (have === major && haveMinor >= minor);
}
