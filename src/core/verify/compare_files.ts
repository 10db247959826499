/**
 * Compares the files of a snapshot with those of its copy: the list of all of them, and the contents of some or all.
 *
 * @module
 */

import type { Command } from "../../zfs/arguments/command.ts";
import {
  type FileHash,
  type FileRange,
  filesPerChunk,
  hashAllFiles,
  hashFiles,
  listFiles,
  shownPath,
} from "../../zfs/arguments/snapshot_files.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import type { Host } from "../ports.ts";
import type { ContentAmount, ContentResult } from "./content.ts";
import type { SnapshotPair } from "./content_pairs.ts";
import { readContent, type Reading, type Unread } from "./read_content.ts";
import { randomSample } from "./random_sample.ts";

/** The world, as comparing sees it. */
export interface ContentPorts {
  readonly source: Host;
  readonly target: Host;
  readonly signal: AbortSignal;
  /** Gives numbers from 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** In so many chunks that differ the files are looked for by name. */
const maxChunks = 3;
/** Listing a hundred million files. */
const listLimitMs = 3_600_000;
/** Slower than this no disk reads. */
const minBytesPerSecond = 4 * 2 ** 20;

/** Both sides' answers, or why one could not be had. */
export type BothRead<T> = { readonly kind: "both"; readonly source: T; readonly target: T } | Unread;

/** The longest that reading so much may take, in milliseconds. */
export function readingLimitMs(bytes: bigint): number {
  // setTimeout counts in 31 bits.
  return Math.min(2 ** 31 - 1, listLimitMs + Math.ceil(1000 * Number(bytes) / minBytesPerSecond));
}

export async function compareFiles(
  pair: SnapshotPair,
  amount: ContentAmount,
  ports: ContentPorts,
): Promise<ContentResult | Unread> {
  const readBoth = <T>(command: (snapshot: Snapshot) => Command<T>, timeoutMs = readingLimitMs(pair.bytes)) =>
    both(pair, ports, command, timeoutMs);
  const lists = await readBoth(listFiles, listLimitMs);
  if (lists.kind !== "both") return lists;
  const { source: { digest, files }, target: copy } = lists;
  if (digest !== copy.digest) {
    const text = files === copy.files
      ? "the lists of files differ: in names, types, owners, modes, sizes, times or link targets"
      : `the lists of files differ: ${files} files on the source, ${copy.files} on the target`;
    return { kind: "differs", text, names: [] };
  }
  if (amount === "all" || amount >= files) return await compareAll(files, readBoth);
  const picks = randomSample(files, amount, ports.random).map((index) => ({ first: index + 1, last: index + 1 }));
  const hashes = await readBoth((snapshot) => hashFiles(snapshot, picks));
  if (hashes.kind !== "both") return hashes;
  const names = differing(hashes.source, hashes.target);
  return names.length === 0 ? { kind: "same", unit: "files", checked: picks.length, of: files } : {
    kind: "differs",
    text: `the contents of ${names.length} of ${picks.length} files differ`,
    names,
  };
}

type ReadBoth = <T>(command: (snapshot: Snapshot) => Command<T>) => Promise<BothRead<T>>;

async function compareAll(files: number, readBoth: ReadBoth): Promise<ContentResult | Unread> {
  const chunks = await readBoth(hashAllFiles);
  if (chunks.kind !== "both") return chunks;
  const differ = chunks.source.flatMap((hash, index) => hash === chunks.target[index] ? [] : [index]);
  if (differ.length === 0 && chunks.source.length === chunks.target.length) {
    return { kind: "same", unit: "files", checked: files, of: files };
  }
  const ranges = differ.slice(0, maxChunks).map((index): FileRange => ({
    first: index * filesPerChunk + 1,
    last: (index + 1) * filesPerChunk,
  }));
  const hashes = await readBoth((snapshot) => hashFiles(snapshot, ranges));
  const names = hashes.kind === "both" ? differing(hashes.source, hashes.target) : [];
  const least = differ.length > maxChunks ? "at least " : "";
  const count = names.length > 0 ? `${least}${names.length} of ${files}` : "some of the";
  return { kind: "differs", text: `the contents of ${count} files differ`, names };
}

/** The paths of files whose checksums are not the same on both sides, for people. */
export function differing(source: readonly FileHash[], target: readonly FileHash[]): string[] {
  const there = new Map(target.map(({ bytes, hash }) => [bytes, hash]));
  const here = new Set(source.map(({ bytes }) => bytes));
  return [
    ...source.filter(({ bytes, hash }) => there.get(bytes) !== hash),
    ...target.filter(({ bytes }) => !here.has(bytes)),
  ].map(shownPath);
}

/** Reads on both sides at once. */
export async function both<T>(
  pair: Pick<SnapshotPair, "source" | "target">,
  { source, target, signal }: Pick<ContentPorts, "source" | "target" | "signal">,
  command: (snapshot: Snapshot) => Command<T>,
  timeoutMs: number,
): Promise<BothRead<T>> {
  return ofBoth(
    await Promise.all([
      readContent(source, command(pair.source), { signal, timeoutMs }),
      readContent(target, command(pair.target), { signal, timeoutMs }),
    ]),
  );
}

/** Joins two readings; what is damaged tells more than any other failure. */
export function ofBoth<T>([source, target]: readonly [Reading<T>, Reading<T>]): BothRead<T> {
  if (source.kind === "read" && target.kind === "read") {
    return { kind: "both", source: source.value, target: target.value };
  }
  const unread = [source, target].flatMap((reading) => reading.kind === "read" ? [] : [reading]);
  return unread.find(({ kind }) => kind === "damaged") ?? unread[0]!;
}
