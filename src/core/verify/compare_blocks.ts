/**
 * Compares the blocks of a volume's snapshot with those of its copy.
 *
 * @module
 */

import {
  type BlockHashes,
  hashBlocks,
  pieceBytes,
  type Pieces,
  restoreSnapdev,
  volumeSize,
  type VolumeState,
  volumeState,
} from "../../zfs/arguments/snapshot_blocks.ts";
import type { DatasetName } from "../../zfs/names/names.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import { query, run } from "../inspect/query.ts";
import { Fault } from "../fault.ts";
import type { Host } from "../ports.ts";
import { type ContentPorts, ofBoth, readingLimitMs } from "./compare_files.ts";
import type { ContentAmount, ContentResult } from "./content.ts";
import type { SnapshotPair } from "./content_pairs.ts";
import { readContent, type Reading, type Unread } from "./read_content.ts";
import { randomSample } from "./random_sample.ts";

/** Putting a property back takes less than a second, on a pool that is not stuck. */
const restoreLimitMs = 30_000;

export async function compareBlocks(
  { source, target }: SnapshotPair,
  amount: ContentAmount,
  ports: ContentPorts,
): Promise<ContentResult | Unread> {
  const size = await readContent(ports.source, volumeSize(source), {
    signal: ports.signal,
    timeoutMs: restoreLimitMs,
  });
  if (size.kind !== "read") return size;
  const total = Number((size.value + BigInt(pieceBytes - 1)) / BigInt(pieceBytes));
  const pieces = piecesOf(total, amount, ports.random);
  const checked = pieces.reduce((sum, { count }) => sum + count, 0);
  const timeoutMs = readingLimitMs(BigInt(checked) * BigInt(pieceBytes));
  const hashes = ofBoth(
    await Promise.all([
      readBlocks(ports.source, source, pieces, timeoutMs, ports.signal),
      readBlocks(ports.target, target, pieces, timeoutMs, ports.signal),
    ]),
  );
  if (hashes.kind !== "both") return hashes;
  const text = difference(pieces, hashes.source, hashes.target);
  return text === undefined ? { kind: "same", unit: "MiB", checked, of: total } : { kind: "differs", text, names: [] };
}

/** The pieces to compare: all in one run, or some at random. */
function piecesOf(total: number, amount: ContentAmount, random: () => number): Pieces[] {
  if (amount === "all" || amount >= total) return [{ first: 0, count: total }];
  return randomSample(total, amount, random).map((first) => ({ first, count: 1 }));
}

/** What differs, in words; `undefined` for nothing. */
export function difference(pieces: readonly Pieces[], source: BlockHashes, target: BlockHashes): string | undefined {
  if (source.bytes !== target.bytes) {
    return `the sizes differ: ${source.bytes} bytes on the source, ${target.bytes} on the target`;
  }
  const differ = pieces.filter((_, i) => source.hashes[i] !== target.hashes[i]);
  const [first] = differ;
  if (first === undefined) return undefined;
  if (pieces.length === 1) return "the blocks differ";
  return `the blocks of ${differ.length} of ${pieces.length} pieces differ, the first at ${first.first} MiB`;
}

/** Reads on one side, and puts `snapdev` back should the script itself not have been able to. */
async function readBlocks(
  host: Host,
  snapshot: Snapshot,
  pieces: readonly Pieces[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Reading<BlockHashes>> {
  const what = "cannot look at a volume";
  const limits = { signal, timeoutMs: restoreLimitMs };
  let touched = true;
  try {
    const state = await restoredState(host, snapshot.dataset, what, limits);
    const reading = await readContent(host, hashBlocks(snapshot, state.snapdev, pieces), { signal, timeoutMs });
    touched = reading.kind !== "read";
    return reading;
  } catch (error) {
    if (!(error instanceof Fault) || signal.aborted) throw error;
    const { why, next } = error.parts;
    return { kind: "failed", host: host.label, why: why ?? error.message, ...(next === undefined ? {} : { next }) };
  } finally {
    // Also after a signal, and then without heeding it.
    if (touched) await restoredState(host, snapshot.dataset, what, { timeoutMs: restoreLimitMs }).catch(() => {});
  }
}

/** How the volume stands, after what an earlier look left behind was put back. */
async function restoredState(
  host: Host,
  volume: DatasetName,
  what: string,
  limits: { readonly signal?: AbortSignal; readonly timeoutMs: number },
): Promise<VolumeState> {
  const state = await query(host, volumeState(volume), what, limits);
  if (state.leftover === undefined) return state;
  for (const argv of restoreSnapdev(volume, state.leftover)) await run(host, argv, what, limits);
  return await query(host, volumeState(volume), what, limits);
}
