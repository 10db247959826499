/**
 * Retention carried out: the candidates that policy named are proven to be those that were listed, bzman's own (but for those of
 * others that the user wants gone), not held and without clones, and only then destroyed. What cannot be proven stays.
 *
 * @module
 */

import { parseRows } from "../../zfs/arguments/command.ts";
import { destroySnapshots, listHolds, release } from "../../zfs/arguments/change.ts";
import { type DatasetName, poolOf } from "../../zfs/names/names.ts";
import { holdTag, receivedTagProperty, snapshotProperty, snapshotTime } from "../../zfs/names/bzman_names.ts";
import { destroyProgram } from "../../zfs/arguments/channel_programs.ts";
import { onlyMissingNames } from "../../zfs/parsers/missing_names.ts";
import { fullName, type Snapshot } from "../../zfs/names/version.ts";
import type { Host } from "../ports.ts";
import type { RetentionVerdict } from "./retention_policy.ts";
import { firstLines } from "../inspect/query.ts";
import { nameBatches } from "../inspect/name_batches.ts";
import { type Properties, readProperties } from "../inspect/snapshot_properties.ts";

const limitMs = 10 * 60_000;
/** ENOENT: another run destroyed the same snapshot meanwhile. */
const noSuchSnapshot = 2;

/** What pruning one side works with. */
export interface PruneContext {
  readonly host: Host;
  readonly isRoot: boolean;
  readonly prefix: string;
  readonly adopt: boolean;
  /** Holds with this target's key are bzman's own; those left from a run that was killed are released. */
  readonly key: string | undefined;
  readonly signal: AbortSignal;
}

/** What was done on one side. */
export interface PruneResult {
  /** Also those that another run destroyed at the same time. */
  readonly destroyed: readonly Snapshot[];
  /** Candidates that stay after all, and why. */
  readonly kept: readonly RetentionVerdict[];
  /** What went wrong, in words. */
  readonly failures: readonly string[];
}

/** Destroys what may go of `verdicts`. */
export async function pruneSnapshots(
  verdicts: readonly RetentionVerdict[],
  context: PruneContext,
): Promise<PruneResult> {
  const candidates = verdicts.filter(({ action }) => action === "destroy");
  if (candidates.length === 0) return { destroyed: [], kept: [], failures: [] };
  const kept: RetentionVerdict[] = [];
  const proven: Snapshot[] = [];
  // What vanished meanwhile, or could not be asked about, is not proven and stays.
  const { found, unanswered } = await readProperties(
    context.host,
    candidates.map(({ snapshot }) => fullName(snapshot)),
    [snapshotProperty, receivedTagProperty, "userrefs", "clones", "guid"],
    context.signal,
  );
  for (const { snapshot, foreign } of candidates) {
    const name = fullName(snapshot);
    const reason = unanswered.has(name)
      ? "the host gave no answer about it"
      : stayReason(snapshot, found.get(name), foreign ?? false, context);
    if (reason === undefined) proven.push(snapshot);
    else if (reason === "held" && await releaseOwn(snapshot, context)) proven.push(snapshot);
    else kept.push({ snapshot, action: "keep", reason });
  }
  const failures = await destroyAll(proven, context);
  const destroyed = proven.filter((snapshot) => !failures.has(fullName(snapshot)));
  return { destroyed, kept, failures: [...failures].map(([name, why]) => `${name}: ${why}`) };
}

function stayReason(
  snapshot: Snapshot,
  found: Properties | undefined,
  foreign: boolean,
  context: PruneContext,
): string | undefined {
  if (found === undefined) return "it no longer exists";
  // What is known of a target may be remembered only.
  if (found.get("guid") !== snapshot.guid) return "another snapshot has this name now";
  const made = [snapshotProperty, receivedTagProperty].some((property) => found.get(property) === context.prefix);
  const adopted = context.adopt && !snapshot.name.endsWith("Z") &&
    snapshotTime(snapshot.name, context.prefix, true) !== undefined;
  if (!foreign && !made && !adopted) return "it does not carry bzman's property";
  const clones = found.get("clones");
  if (clones !== undefined && clones !== "" && clones !== "-") return `it has clones: ${clones}`;
  if (found.get("userrefs") !== "0") return "held";
  return undefined;
}

/** Releases a snapshot that only this job itself still holds: left by a run that was killed. */
async function releaseOwn(snapshot: Snapshot, context: PruneContext): Promise<boolean> {
  if (context.key === undefined) return false;
  const holds = await context.host.run(listHolds([fullName(snapshot)]), { signal: context.signal });
  if (holds.status !== 0) return false;
  const tags = parseRows(holds.stdout, 3).map((row) => row[1]);
  if (tags.some((tag) => tag !== holdTag(context.key ?? ""))) return false;
  const outcome = await context.host.run(release(holdTag(context.key), [fullName(snapshot)], false), {
    signal: context.signal,
  });
  return outcome.status === 0;
}

async function destroyAll(snapshots: readonly Snapshot[], context: PruneContext): Promise<Map<string, string>> {
  const failures = new Map<string, string>();
  const left = context.isRoot ? await destroyByProgram(snapshots, context) : [...snapshots];
  const byDataset = Map.groupBy(left, ({ dataset }) => dataset);
  const commands = [...byDataset].flatMap(([dataset, list]) =>
    nameBatches(list.map(({ name }) => name)).map((names) => ({ dataset, names }))
  );
  if (commands.length === 0) return failures;
  const outcomes = await context.host.runAll(
    commands.map(({ dataset, names }) => destroySnapshots(dataset, names)),
    { signal: context.signal, timeoutMs: limitMs },
  );
  for (const [i, { dataset, names }] of commands.entries()) {
    const outcome = outcomes[i];
    // Of several it is enough for ZFS that one is there; when none is, another run was faster.
    if (outcome?.status === 0 || (outcome && onlyMissingNames(outcome))) continue;
    const why = firstLines(outcome?.stderr ?? "") || "zfs destroy failed";
    for (const name of names) failures.set(`${dataset}@${name}`, why);
  }
  return failures;
}

/** Destroys by channel programs; returns those that are left for plain commands, which also tell why. */
async function destroyByProgram(snapshots: readonly Snapshot[], context: PruneContext): Promise<Snapshot[]> {
  const left: Snapshot[] = [];
  const byName = new Map(snapshots.map((snapshot) => [fullName(snapshot), snapshot]));
  for (const batch of nameBatches([...byName.keys()])) {
    const entries = batch.map((name) => byName.get(name)!);
    const pool: DatasetName = poolOf(entries[0]!.dataset);
    const program = destroyProgram(pool, batch);
    const outcome = await context.host.run(program.argv, {
      signal: context.signal,
      timeoutMs: limitMs,
      stdin: program.script,
    });
    let errnos: readonly number[] = [];
    if (outcome.status === 0) {
      try {
        errnos = program.parse(outcome.stdout);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    left.push(...entries.filter((_, i) => errnos[i] !== 0 && errnos[i] !== noSuchSnapshot));
  }
  return left;
}
