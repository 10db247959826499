/**
 * Makes the record of a run from what the engine tells.
 *
 * @module
 */

import type { Replicated } from "../core/engine/replicate.ts";
import type { Account } from "../core/engine/tally.ts";
import { faultLine, type FaultParts } from "../core/fault.ts";
import type { DatasetRecord, PhaseTime, RunRecord } from "../core/record.ts";
import { vanished } from "./vanished_records.ts";

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
  const datasets = done.tally.accounts.map((account) => datasetRecord(account, createdAt));
  const failed = done.tally.accounts.filter(({ fault }) => fault !== undefined);
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
    datasets: [...datasets, ...vanished(done)],
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(done.pruned === undefined ? {} : { foreignSnapshots: done.pruned.leftovers }),
    result,
    exitStatus: interruptedBy ?? (well ? 0 : 1),
    bytes: done.tally.bytes,
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
  const faults = done.tally.accounts.flatMap(({ fault }) => fault ?? []);
  return faults.find(({ errorClass }) => errorClass !== "parent-missing" && errorClass !== "no-parent") ?? faults[0] ??
    done.faults[0];
}

function datasetRecord(account: Readonly<Account>, createdAt: ReadonlyMap<string, number>): DatasetRecord {
  const made = account.at && createdAt.get(account.at.guid);
  return {
    dataset: account.dataset,
    target: account.target,
    result: resultOf(account),
    kind: [...new Set(account.kinds)].join("+") || "none",
    bytes: account.bytes,
    savedBytes: account.savedBytes,
    snapshots: account.snapshots,
    elapsedMs: Math.round(account.elapsedMs),
    ...(account.from === undefined ? {} : { from: account.from }),
    ...(account.at === undefined ? {} : { to: account.at.name, toGuid: account.at.guid }),
    ...(made === undefined ? {} : { toCreatedAt: made }),
    ...(account.fault === undefined ? {} : { errorClass: account.fault.errorClass, message: faultLine(account.fault) }),
  };
}

function resultOf(account: Readonly<Account>): DatasetRecord["result"] {
  if (account.fault !== undefined) return account.plan.kind === "conflict" ? "refused" : "failed";
  if (account.goal === undefined) return "up-to-date";
  return account.at?.guid === account.goal.guid ? "ok" : "skipped";
}
