/**
 * Marks snapshots of a target as bzman's. A channel program marks many in one transaction group; `zfs set` waits for one a
 * snapshot (a tenth of a second, more on a busy pool), so that it must not be given too many.
 *
 * @module
 */

import { setReceivedTag } from "../../zfs/arguments/change.ts";
import type { DatasetName } from "../../zfs/names/names.ts";
import { receivedTagProperty } from "../../zfs/names/bzman_names.ts";
import { setPropertyProgram } from "../../zfs/arguments/channel_programs.ts";
import type { Host } from "../ports.ts";
import { outcomeFault } from "../inspect/query.ts";
import { nameBatches } from "../inspect/name_batches.ts";

const limitMs = 10 * 60_000;
/** ENOENT: another job destroyed it meanwhile. */
const noSuchSnapshot = 2;
/** Names in one `zfs set`: far below its limit also where each waits for seconds. */
const maxNames = 100;
/** Names that one run marks by `zfs set`: the lock is held meanwhile. */
const maxByCommand = 2000;

/** What marking works with. */
export interface TagContext {
  /** The target. */
  readonly host: Host;
  readonly pool: DatasetName;
  /** Whether channel programs can be used there. */
  readonly isRoot: boolean;
  readonly prefix: string;
  readonly signal: AbortSignal;
}

/** What became of it. */
export interface TagResult {
  /** Full names of those that the host refused to mark. */
  readonly refused: readonly string[];
  /** Of those that may lack the mark since the host gave no answer, or since they were not tried. */
  readonly waiting: readonly string[];
  /** How many were not tried, for the time it would take. */
  readonly postponed: number;
  /** Why others failed, in words; empty when none did. */
  readonly why: string;
}

/**
 * Marks them.
 *
 * @param snapshots Full names.
 */
export async function setTags(snapshots: readonly string[], context: TagContext): Promise<TagResult> {
  const { host, prefix, signal } = context;
  const tried = context.isRoot && snapshots.length > 1
    ? await byProgram(snapshots, context)
    : { left: snapshots, why: "" };
  let why = tried.why;
  if (why !== "") return { refused: [], waiting: tried.left, postponed: 0, why };
  const later = tried.left.slice(maxByCommand);
  const refused: string[] = [];
  const waiting = [...later];
  const batches = nameBatches(tried.left.slice(0, maxByCommand), undefined, maxNames);
  for (const [i, batch] of batches.entries()) {
    const argv = setReceivedTag(batch, prefix);
    const outcome = await host.run(argv, { signal, timeoutMs: limitMs });
    if (outcome.status === 0 && !outcome.stopped) continue;
    why ||= outcomeFault(host, argv, outcome, "cannot mark snapshots").why ?? "";
    if (outcome.connection || outcome.stopped) {
      // Each further batch would wait as long.
      waiting.push(...batches.slice(i).flat());
      break;
    }
    refused.push(...batch);
  }
  return { refused, waiting, postponed: later.length, why };
}

/**
 * Marks by channel programs; returns those that are left for plain commands, which also tell why, but for a host that gives no
 * answer.
 */
async function byProgram(
  snapshots: readonly string[],
  context: TagContext,
): Promise<{ readonly left: readonly string[]; readonly why: string }> {
  const { host, pool, prefix, signal } = context;
  const left: string[] = [];
  const batches = nameBatches(snapshots);
  for (const [i, batch] of batches.entries()) {
    const program = setPropertyProgram(pool, receivedTagProperty, prefix, batch);
    const outcome = await host.run(program.argv, { signal, timeoutMs: limitMs, stdin: program.script });
    if (outcome.status !== 0 || outcome.stopped) {
      const isSilent = outcome.connection !== undefined || outcome.stopped !== undefined;
      const why = isSilent ? outcomeFault(host, program.argv, outcome, "cannot mark snapshots").why ?? "" : "";
      // A ZFS that does not know the function knows it in no batch.
      return { left: [...left, ...batches.slice(i).flat()], why };
    }
    let errnos: readonly number[] = [];
    try {
      errnos = program.parse(outcome.stdout);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    left.push(...batch.filter((_, at) => errnos[at] !== 0 && errnos[at] !== noSuchSnapshot));
  }
  return { left, why: "" };
}
