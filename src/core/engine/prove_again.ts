/**
 * A plan is made once, and its last step may be carried out hours later. What nothing can undo is proven a second time, right
 * before it is done: that the dataset received over is still empty, and that a rollback discards no more than was said.
 *
 * @module
 */

import { shellWord } from "../check.ts";
import { proveEmpty, syncPool } from "../../zfs/emptiness.ts";
import { joinVersions, listDatasets, listNamedDatasets, listSnapshotsOf } from "../../zfs/list.ts";
import { poolOf } from "../../zfs/names.ts";
import { exitStatus, Fault, type FaultParts } from "../fault.ts";
import type { RollbackStep, Step, StreamStep } from "../plan/step.ts";
import type { Host } from "../ports.ts";
import { read } from "./ask.ts";
import { harmlessWrites } from "./harmless.ts";

/** What a mounted filesystem may write by itself, such as times of access. */
const noiseBytes = 2n ** 20n;

/** The target, and what ends the questions. */
export interface ProofContext {
  readonly target: Host;
  readonly signal: AbortSignal;
}

/** Why a step must not be carried out any more; `undefined` when it may. Most steps destroy nothing, and ask nothing. */
export async function proveAgain(step: Step, context: ProofContext): Promise<FaultParts | undefined> {
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

async function stillEmpty(step: StreamStep, { target, signal }: ProofContext): Promise<FaultParts | undefined> {
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
  const alone = read(target, datasets, below, what).length === 1 && read(target, snapshots, own, what).length === 0;
  if (alone && synced.status === 0 && read(target, proof, proven, what)) return undefined;
  return {
    errorClass: "foreign-data",
    what,
    where: target.label,
    why: "it was proven empty when this run looked, and is not any more",
    next: `see what is there: zfs list -r -t all ${shellWord(step.target)}\nrun the same command again`,
    temporary: false,
    exit: exitStatus.failed,
  };
}

async function stillDiscards(step: RollbackStep, { target, signal }: ProofContext): Promise<FaultParts | undefined> {
  const what = `cannot roll ${step.target} back to ${step.to.name}`;
  const [bare, snapshots] = [listNamedDatasets([step.target]), listSnapshotsOf([step.target])];
  const [first, second] = await target.runAll([bare.argv, snapshots.argv], { signal });
  if (!first || !second) throw new RangeError("runAll gave fewer outcomes than commands");
  const now = joinVersions(read(target, bare, first, what), read(target, snapshots, second, what));
  const named = new Set([step.to, ...step.discards].map(({ guid }) => guid));
  const later = (now[0]?.snapshots ?? []).filter(({ createtxg }) => createtxg >= step.to.createtxg);
  const stranger = later.find(({ guid }) => !named.has(guid));
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
  if (stranger) return changed(`snapshot ${stranger.name} was made since this run looked`, !step.harmless);
  const writtenBytes = now[0]?.writtenBytes ?? 0n;
  if (!step.harmless) {
    return writtenBytes <= step.discardsBytes + noiseBytes
      ? undefined
      : changed("more was written to it since this run looked", true);
  }
  const harmless = await harmlessWrites(target, now, new Set([step.to.guid]), signal);
  const isProven = writtenBytes === 0n || harmless.has(step.target);
  return isProven ? undefined : changed("it was written to since this run looked", false);
}
