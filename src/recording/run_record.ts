/**
 * Makes the record of a run from what the engine tells.
 *
 * @module
 */

import { faultLine, type FaultParts } from "../core/fault.ts";
import type { DatasetRecord, PhaseTime, RunRecord } from "../core/record.ts";
import type { Replicated } from "../core/replicate/replicate.ts";
import type { DatasetState } from "../core/run/dataset_state.ts";
import { targetOnlyDatasets } from "./target_only_datasets.ts";

/** The record of a run that has just begun. */
export function newRun(
  parts: Pick<RunRecord, "job" | "command" | "source" | "target" | "startedAt" | "pid">,
): RunRecord {
  return {
    id: 0,
    uuid: crypto.randomUUID(),
    ...parts,
    result: "running",
    bytes: 0n,
    savedBytes: 0n,
    snapshots: 0,
    count: 1,
    phases: [],
    datasets: [],
  };
}

/** The record of a run that ended by a fault before anything was sent. */
export function faultedRun(
  run: RunRecord,
  fault: FaultParts,
  result: RunRecord["result"],
  phases: readonly PhaseTime[],
  endedAt: number,
): RunRecord {
  return {
    ...run,
    endedAt,
    result,
    exitStatus: fault.exit,
    phases,
    errorClass: fault.errorClass,
    message: faultLine(fault),
    ...(fault.next === undefined ? {} : { advice: fault.next }),
    ...(fault.stderrTail === undefined || fault.stderrTail === "" ? {} : { stderrTail: fault.stderrTail }),
  };
}

/** The record of a run that sent, or had nothing to send. */
export function finishedRun(
  run: RunRecord,
  done: Replicated,
  createdAt: ReadonlyMap<string, number>,
  phases: readonly PhaseTime[],
  endedAt: number,
  interruptedBy: number | undefined,
): RunRecord {
  const datasets = done.state.datasets.map((state) => datasetRecord(state, createdAt));
  const failed = done.state.datasets.filter(({ fault }) => fault !== undefined);
  const first = firstFault(done);
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more datasets)` : "";
  const some = failed.length < datasets.length;
  const well = failed.length === 0 && done.faults.length === 0;
  const result = interruptedBy !== undefined ? "interrupted" : well ? "ok" : some ? "partial" : "failed";
  const fault: FaultParts | undefined = interruptedBy === undefined
    ? first
    : { errorClass: "interrupted", what: "bzman was told to stop", exit: interruptedBy };
  // The first account is that of the top of the tree.
  const { from, to } = datasets[0] ?? {};
  return {
    ...run,
    endedAt,
    phases,
    datasets: [...datasets, ...targetOnlyDatasets(done)],
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(done.pruned === undefined ? {} : { foreignSnapshots: done.pruned.foreignSnapshots }),
    result,
    exitStatus: interruptedBy ?? (well ? 0 : 1),
    bytes: done.state.bytes,
    savedBytes: datasets.reduce((sum, { savedBytes }) => sum + savedBytes, 0n),
    snapshots: datasets.reduce((sum, { snapshots }) => sum + snapshots, 0),
    ...(fault === undefined ? {} : {
      errorClass: fault.errorClass,
      message: `${faultLine(fault)}${more}`,
      ...(fault.next === undefined ? {} : { advice: fault.next }),
      ...(fault.stderrTail === undefined || fault.stderrTail === "" ? {} : { stderrTail: fault.stderrTail }),
    }),
  };
}

/** The fault that explains a run best: a cause rather than what followed from it. */
export function firstFault(done: Replicated): FaultParts | undefined {
  const faults = done.state.datasets.flatMap(({ fault }) => fault ?? []);
  return faults.find(({ errorClass }) => errorClass !== "parent-missing") ?? faults[0] ??
    done.faults[0];
}

function datasetRecord(state: Readonly<DatasetState>, createdAt: ReadonlyMap<string, number>): DatasetRecord {
  const made = state.at && createdAt.get(state.at.guid);
  return {
    dataset: state.dataset,
    target: state.target,
    result: resultOf(state),
    kind: [...new Set(state.kinds)].join("+") || "none",
    bytes: state.bytes,
    savedBytes: state.savedBytes,
    snapshots: state.snapshots,
    elapsedMs: Math.round(state.elapsedMs),
    ...(state.from === undefined ? {} : { from: state.from }),
    ...(state.at === undefined ? {} : { to: state.at.name, toGuid: state.at.guid }),
    ...(made === undefined ? {} : { toCreatedAt: made }),
    ...(state.fault === undefined ? {} : { errorClass: state.fault.errorClass, message: faultLine(state.fault) }),
  };
}

function resultOf(state: Readonly<DatasetState>): DatasetRecord["result"] {
  if (state.fault !== undefined) return state.plan.kind === "conflict" ? "refused" : "failed";
  if (state.goal === undefined) return "up-to-date";
  return state.at?.guid === state.goal.guid ? "ok" : "skipped";
}
