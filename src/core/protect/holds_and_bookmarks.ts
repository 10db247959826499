/**
 * Keeps the chain from being cut: a bookmark on the source of what arrived, one per target; and, while a transfer can go on, a
 * hold on what it needs. Only bzman's own marks, those of this very target, are ever taken away.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { destroyBookmark, hold, makeBookmark, release } from "../../zfs/arguments/change.ts";
import { type DatasetName, poolOf } from "../../zfs/names/names.ts";
import { bookmarkName, holdTag, isBzmanBookmarkFor } from "../../zfs/names/bzman_names.ts";
import { bookmarkProgram } from "../../zfs/arguments/channel_programs.ts";
import { type Bookmark, fullName, type Snapshot } from "../../zfs/names/version.ts";
import type { Host } from "../ports.ts";
import { firstLines } from "../inspect/query.ts";
import { nameBatches } from "../inspect/name_batches.ts";
import type { Listener } from "../run/events.ts";
import { runConcurrently } from "./run_concurrently.ts";

/** `zfs hold` of a tag that is there already; ZFS held the others. */
const alreadyHeld = /tag already exists on this dataset/;
/** EEXIST: the bookmark is there already. */
const bookmarkExists = 17;
const limitMs = 10 * 60_000;

/** What protecting works with. */
export interface ProtectContext {
  readonly source: Host;
  /** Whether channel programs can be used there. */
  readonly isRoot: boolean;
  /** The target's key, see `zfs/names/bzman_names.ts`. */
  readonly key: string;
  readonly signal: AbortSignal;
  readonly listener: Listener;
}

/** Holds snapshots for as long as a transfer of them can go on. A refusal (no allowance) is told and lived with. */
export async function holdAll(snapshots: readonly Snapshot[], context: ProtectContext): Promise<void> {
  for (const batch of nameBatches(snapshots.map(fullName))) {
    const outcome = await context.source.run(hold(holdTag(context.key), batch, false), {
      signal: context.signal,
      timeoutMs: limitMs,
    });
    if (outcome.status === 0 || alreadyHeld.test(outcome.stderr)) continue;
    context.listener({ kind: "note", level: "warning", text: `cannot hold snapshots: ${firstLines(outcome.stderr)}` });
  }
}

/** Releases what {@linkcode holdAll} held. Snapshots that are gone, or not held, are no trouble. */
export async function releaseAll(snapshots: readonly string[], context: ProtectContext): Promise<void> {
  for (const batch of nameBatches(snapshots)) {
    await context.source.run(release(holdTag(context.key), batch, false), {
      signal: context.signal,
      timeoutMs: limitMs,
    });
  }
}

/** A dataset of the source with the version that its target has now. */
export interface ReceivedVersion {
  readonly dataset: Dataset;
  readonly at: Snapshot;
}

/**
 * Bookmarks what arrived.
 *
 * @returns Why what could not be bookmarked, by the dataset's name; empty when all is well.
 */
export async function bookmarkReceived(
  received: readonly ReceivedVersion[],
  context: ProtectContext,
): Promise<ReadonlyMap<DatasetName, string>> {
  // Where the snapshot itself is gone, the bookmark by which both sides were found to agree protects them, whoever made it.
  const missing = received.filter(({ dataset, at }) =>
    !dataset.bookmarks.some(({ name, guid }) => name === bookmarkName(context.key, at.guid) && guid === at.guid) &&
    dataset.snapshots.some(({ guid }) => guid === at.guid)
  );
  await clearNames(missing, context);
  return await makeBookmarks(missing, context);
}

/**
 * Takes away bookmarks that stand where one of bzman's own belongs. Its name says which GUID it has: one with another GUID was
 * made by hand, and protects nothing.
 */
async function clearNames(missing: readonly ReceivedVersion[], context: ProtectContext): Promise<void> {
  const wrong = missing.flatMap(({ dataset, at }) =>
    dataset.bookmarks.filter(({ name }) => name === bookmarkName(context.key, at.guid))
      .map(({ name }) => destroyBookmark(dataset.name, name))
  );
  await runConcurrently(context.source, wrong, { signal: context.signal, timeoutMs: limitMs });
}

/** A dataset that has its bookmark. */
export interface Bookmarked extends ReceivedVersion {
  /** An older one that stays, see `bookmark_cursor.ts`. */
  readonly resumeMarker: Bookmark | undefined;
}

/** Takes away the older bookmarks of the same target. One that stays is tried again by the next run. */
export async function cleanBookmarks(bookmarked: readonly Bookmarked[], context: ProtectContext): Promise<void> {
  const cleaning = bookmarked.flatMap(({ dataset, at, resumeMarker }) =>
    dataset.bookmarks.filter(({ name }) =>
      isBzmanBookmarkFor(name, context.key) && name !== bookmarkName(context.key, at.guid) &&
      name !== resumeMarker?.name
    ).map((bookmark) => destroyBookmark(dataset.name, bookmark.name))
  );
  await runConcurrently(context.source, cleaning, { signal: context.signal, timeoutMs: limitMs });
}

async function makeBookmarks(
  missing: readonly ReceivedVersion[],
  context: ProtectContext,
): Promise<Map<DatasetName, string>> {
  const failed = new Map<DatasetName, string>();
  const first = missing[0];
  if (first === undefined) return failed;
  const limits = { signal: context.signal, timeoutMs: limitMs };
  const left = context.isRoot && missing.length > 1 ? await byProgram(missing, context) : [...missing];
  if (left.length === 0) return failed;
  const commands = left.map(({ at }) => makeBookmark(at, bookmarkName(context.key, at.guid)));
  const outcomes = await runConcurrently(context.source, commands, limits);
  for (const [i, { dataset }] of left.entries()) {
    const outcome = outcomes[i];
    if (outcome?.status !== 0 && !/bookmark exists/.test(outcome?.stderr ?? "")) {
      failed.set(dataset.name, firstLines(outcome?.stderr ?? "") || "zfs bookmark failed");
    }
  }
  return failed;
}

/** Makes bookmarks by channel programs; returns those that are left to be made one by one, which also tells why. */
async function byProgram(missing: readonly ReceivedVersion[], context: ProtectContext): Promise<ReceivedVersion[]> {
  const left: ReceivedVersion[] = [];
  const byName = new Map(missing.map((entry) => [fullName(entry.at), entry]));
  for (const batch of nameBatches([...byName.keys()], 20 * 1024)) {
    const entries = batch.map((name) => byName.get(name)!);
    const program = bookmarkProgram(
      poolOf(entries[0]!.dataset.name),
      entries.map(({ dataset, at }) =>
        [fullName(at), `${dataset.name}#${bookmarkName(context.key, at.guid)}`] as const
      ),
    );
    const outcome = await context.source.run(program.argv, {
      signal: context.signal,
      timeoutMs: limitMs,
      stdin: program.script,
    });
    let errnos: readonly number[];
    try {
      errnos = outcome.status === 0 ? program.parse(outcome.stdout) : [];
    } catch {
      errnos = [];
    }
    left.push(...entries.filter((_, i) => errnos[i] !== 0 && errnos[i] !== bookmarkExists));
  }
  return left;
}
