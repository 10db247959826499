/**
 * A plan is made once, and its last step may be carried out hours later. What nothing can undo is proven a second time, right
 * before it is done: that the dataset received over is still empty, and that a rollback discards no more than was said.
 *
 * @module
 */

import { shellWord } from "../check.ts";
import { proveEmpty, syncPool } from "../../zfs/parsers/emptiness.ts";
import { joinVersions, listDatasets, listNamedDatasets, listSnapshotsOf } from "../../zfs/parsers/list.ts";
import { poolOf } from "../../zfs/names/names.ts";
import { exitStatus, Fault, type FaultParts } from "../fault.ts";
import type { RollbackStep, Step, StreamStep } from "../plan/step.ts";
import type { Host } from "../ports.ts";
import { parseOutput } from "../inspect/query.ts";
import { findIgnorableWrites } from "../inspect/ignorable_writes.ts";

/** What a mounted filesystem may write by itself, such as times of access. */
const noiseBytes = 2n ** 20n;

/** The target, and what ends the questions. */
export interface RecheckContext {
  readonly target: Host;
  readonly signal: AbortSignal;
}

/** Why a step must not be carried out any more; `undefined` when it may. Most steps destroy nothing, and ask nothing. */
export async function recheck(step: Step, context: RecheckContext): Promise<FaultParts | undefined> {
  try {
    switch (step.kind) {
      case "full":
      case "resume":
        return step.force ? await stillEmpty(step, context) : undefined;
      case "rollback":
        return await stillDiscards(step, context);
      case "incremental":
      case "clone":
      case "package":
      case "create-parent":
      case "discard-partial":
      case "set-aside":
      case "rename":
      case "promote":
        return undefined;
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.parts;
  }
}

async function stillEmpty(step: StreamStep, { target, signal }: RecheckContext): Promise<FaultParts | undefined> {
  const what = `cannot send to ${step.target}`;
  const [proof, datasets, snapshots] = [
    proveEmpty(step.target),
    listDatasets(step.target),
    listSnapshotsOf([step.target]),
  ];
  const [synced, proven, below, own] = await target.runAll(
    [syncPool(poolOf(step.target)), proof.argv, datasets.argv, snapshots.argv],
    { signal },
  );
  if (!synced || !proven || !below || !own) throw new RangeError("runAll gave fewer outcomes than commands");
  const alone = parseOutput(target, datasets, below, what).length === 1 &&
    parseOutput(target, snapshots, own, what).length === 0;
  if (alone && synced.status === 0 && parseOutput(target, proof, proven, what)) return undefined;
  return {
    errorClass: "foreign-data",
    what,
    where: target.label,
    why: "it was empty when this run checked it, and no longer is",
    next: `see what is there: zfs list -r -t all ${shellWord(step.target)}\nrun the same command again`,
    temporary: false,
    exit: exitStatus.failed,
  };
}

async function stillDiscards(step: RollbackStep, { target, signal }: RecheckContext): Promise<FaultParts | undefined> {
  const what = `cannot roll ${step.target} back to ${step.to.name}`;
  const [bare, snapshots] = [listNamedDatasets([step.target]), listSnapshotsOf([step.target])];
  const [first, second] = await target.runAll([bare.argv, snapshots.argv], { signal });
  if (!first || !second) throw new RangeError("runAll gave fewer outcomes than commands");
  const now = joinVersions(parseOutput(target, bare, first, what), parseOutput(target, snapshots, second, what));
  const named = new Set([step.to, ...step.discards].map(({ guid }) => guid));
  const later = (now[0]?.snapshots ?? []).filter(({ createtxg }) => createtxg >= step.to.createtxg);
  const unknown = later.find(({ guid }) => !named.has(guid));
  const changed = (why: string, temporary: boolean): FaultParts => ({
    errorClass: "target-modified",
    what,
    where: target.label,
    why,
    next: "nothing was discarded; the next run looks anew: run the same command again",
    temporary,
    exit: exitStatus.failed,
  });
  // A retry looks anew, and says what it discards.
  if (unknown) return changed(`snapshot ${unknown.name} was made since this run checked it`, !step.ignorable);
  const writtenBytes = now[0]?.writtenBytes ?? 0n;
  if (!step.ignorable) {
    return writtenBytes <= step.discardsBytes + noiseBytes
      ? undefined
      : changed("more was written to it since this run checked it", true);
  }
  const ignorable = await findIgnorableWrites(target, now, new Set([step.to.guid]), signal);
  const isProven = writtenBytes === 0n || ignorable.has(step.target);
  return isProven ? undefined : changed("it was written to since this run checked it", false);
}
