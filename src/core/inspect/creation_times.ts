/**
 * When the newest common versions were made: their age is the lag.
 *
 * @module
 */

import { listCreation } from "../../zfs/parsers/creation.ts";
import type { Guid } from "../../zfs/names/names.ts";
import { snapshotTime } from "../../zfs/names/bzman_names.ts";
import { fullName, type Snapshot } from "../../zfs/names/version.ts";
import type { Host } from "../ports.ts";
import { nameBatches } from "./name_batches.ts";

/** What is known without asking. */
export interface KnownTimes {
  readonly prefix: string;
  /** What earlier runs found out about a GUID; milliseconds since 1970. */
  recorded(guid: string): number | undefined;
}

/** What it takes should not make a run wait, in milliseconds. */
const limitMs = 60_000;

/**
 * Finds out when snapshots were made: from bzman's own names, from earlier runs, and only then from the source.
 *
 * @returns By GUID, in milliseconds since 1970. A snapshot that cannot be asked about is missing: a run does not fail for it.
 */
export async function creationTimes(
  source: Host,
  snapshots: readonly Snapshot[],
  known: KnownTimes,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  const unknown: string[] = [];
  for (const snapshot of snapshots) {
    const at = snapshotTime(snapshot.name, known.prefix, false) ?? known.recorded(snapshot.guid);
    if (at === undefined) unknown.push(fullName(snapshot));
    else times.set(snapshot.guid, at);
  }
  for (const batch of nameBatches(unknown)) {
    for (const [guid, at] of await queryCreation(source, batch, signal)) times.set(guid, at);
  }
  return times;
}

async function queryCreation(
  source: Host,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Iterable<[Guid, number]>> {
  const command = listCreation(names);
  const outcome = await source.run(command.argv, { timeoutMs: limitMs, signal });
  if (outcome.status > 1 || outcome.stopped || outcome.connection) return [];
  try {
    return command.parse(outcome.stdout);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
