/**
 * What `zpool status` tells of a pool, read from its text: `-j` exists only since OpenZFS 2.3. The forms were seen on
 * 2.1.11 and 2.3.9, or stand in `zpool_main.c` of 2.4.
 *
 * @module
 */

import type { Command } from "../arguments/command.ts";
import type { DatasetName } from "../names/names.ts";
import { type Checkpoint, parseCheckpoint, parsePoolWork, type PoolWork } from "./pool_work.ts";
import { parseScan, type Scan } from "./scan.ts";
import { parseVdevs, type Vdev } from "./vdev.ts";

/** A pool as `zpool status` shows it. */
export interface PoolStatus {
  readonly name: string;
  /** `ONLINE`, `DEGRADED`, `FAULTED`, `UNAVAIL`, `SUSPENDED`, … */
  readonly state: string;
  /** What is unusual, in ZFS's own words, on one line; `undefined` when nothing is. */
  readonly status: string | undefined;
  /** What ZFS proposes to do about it. */
  readonly action: string | undefined;
  /** The scrub and the resilver it knows of, at most the last of each. */
  readonly scans: readonly Scan[];
  /** The removal and the expansion that are under way. */
  readonly works: readonly PoolWork[];
  readonly checkpoint: Checkpoint | undefined;
  readonly vdevs: readonly Vdev[];
  /** Files and blocks that are lost for good; `undefined` when ZFS cannot tell. */
  readonly dataErrors: bigint | undefined;
}

/** Asks for one pool, with exact numbers. */
export function poolStatus(pool: DatasetName): Command<PoolStatus> {
  return {
    argv: ["zpool", "status", "-p", pool],
    parse(stdout) {
      const [status] = parsePoolStatus(stdout);
      if (status === undefined) throw new SyntaxError(`no pool in: ${stdout.slice(0, 200)}`);
      return status;
    },
  };
}

/**
 * Reads the status of any number of pools.
 *
 * @throws {SyntaxError} When a pool has no state or no table of devices.
 */
export function parsePoolStatus(text: string): PoolStatus[] {
  const pools: Field[][] = [];
  for (const field of fieldsOf(text)) {
    if (field.name === "pool") pools.push([field]);
    else pools.at(-1)?.push(field);
  }
  return pools.map(parsePool);
}

/** A word with a colon, and all that follows it up to the next. */
interface Field {
  readonly name: string;
  readonly lines: string[];
}

function fieldsOf(text: string): Field[] {
  const fields: Field[] = [];
  for (const line of text.split("\n")) {
    const begin = /^ {0,4}([a-z]+): ?(.*)$/.exec(line);
    if (begin) fields.push({ name: begin[1] ?? "", lines: [begin[2] ?? ""] });
    else fields.at(-1)?.lines.push(line);
  }
  return fields;
}

function parsePool(fields: readonly Field[]): PoolStatus {
  const of = (name: string) => fields.filter((field) => field.name === name);
  const words = (name: string): string | undefined => of(name)[0] && oneLine(of(name)[0]?.lines ?? []);
  const name = of("pool")[0]?.lines[0] ?? "";
  const state = words("state");
  if (state === undefined || state === "") throw new SyntaxError(`the pool ${JSON.stringify(name)} has no state`);
  const table = (of("config")[0]?.lines ?? []).filter((line) => line.startsWith("\t"));
  return {
    name,
    state,
    status: words("status"),
    action: words("action"),
    scans: of("scan").map(({ lines }) => parseScan(oneLine(lines))).filter((scan) => scan !== undefined),
    works: [...of("remove"), ...of("expand")].map(({ lines }) => parsePoolWork(oneLine(lines)))
      .filter((work) => work !== undefined),
    checkpoint: parseCheckpoint(words("checkpoint") ?? ""),
    vdevs: parseVdevs(table),
    dataErrors: parseDataErrors(words("errors") ?? ""),
  };
}

function parseDataErrors(text: string): bigint | undefined {
  if (text.startsWith("No known data errors")) return 0n;
  const count = /^([0-9]+) data errors?/.exec(text)?.[1];
  return count === undefined ? undefined : BigInt(count);
}

function oneLine(lines: readonly string[]): string {
  return lines.map((line) => line.trim()).filter((line) => line !== "").join(" ").replaceAll(/ {2,}/g, " ");
}
