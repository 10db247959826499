/**
 * The verdicts on a pool: whether it answers, its state, its devices, what was lost, its scrubs. Pure.
 *
 * @module
 */

import { type CheckFinding, commandOn } from "../check.ts";
import { type AnsweringPool, poolCommand, type PoolInspection, poolLabel } from "./pool_inspection.ts";
import { deviceText, judgeDevices } from "./judge_devices.ts";
import { type ActivityInputs, judgeActivity } from "./pool_activity.ts";
import { judgeScrub, type ScrubInputs } from "./scrub.ts";

/** What the judgement of a pool depends on, besides the pool. */
export interface PoolInputs extends ScrubInputs, ActivityInputs {}

/** What ZFS notes about a pool that needs nobody's attention. */
const ignorableStatus =
  /features are not enabled on the pool|legacy on-disk format|not being requested by the 'compatibility' property|currently being resilvered|non-native block size/;

/** What is wrong with a pool, the worst first within one kind; and, as `ok`, what goes on there. */
export function judgePool(inspection: PoolInspection, inputs: PoolInputs): CheckFinding[] {
  const subject = poolLabel(inspection);
  switch (inspection.kind) {
    case "answered":
      return judgeAnswering(inspection, inputs);
    case "suspended":
      return [{
        check: "pool-suspended",
        subject,
        verdict: "critical",
        text: "its I/O is suspended: too many disks are gone, and every command that accesses it hangs",
        next: `bring the disks back, then: ${poolCommand(inspection, "zpool", "clear")}`,
      }];
    case "unresponsive":
      return [{
        check: "pool-unresponsive",
        subject,
        verdict: "critical",
        text: `zpool gave no answer within ${inputs.format.duration(inspection.limitMs)}` +
          (inspection.stuck ? " and is stuck in the kernel" : "") + ": a pool may be suspended",
        next: commandOn(inspection.isLocal ? undefined : inspection.host, [
          "cat",
          `/proc/spl/kstat/zfs/${inspection.pool}/state`,
        ]),
      }];
    case "missing":
      return [{
        check: "pool-missing",
        subject,
        verdict: "critical",
        text: "it is not imported",
        next: poolCommand(inspection, "zpool", "import"),
      }];
    case "unreachable": {
      const { errorClass, what, why, next } = inspection.fault;
      const text = why === undefined ? what : `${what}: ${why}`;
      return [{ check: errorClass, subject, verdict: "unknown", text, ...(next === undefined ? {} : { next }) }];
    }
  }
}

function judgeAnswering(pool: AnsweringPool, inputs: PoolInputs): CheckFinding[] {
  const found = [
    ...judgeState(pool),
    ...judgeLoss(pool),
    ...judgeDevices(pool),
    ...judgeActivity(pool, inputs),
    ...judgeScrub(pool, inputs),
  ];
  const { status, action } = pool.status;
  if (found.some(({ verdict }) => verdict !== "ok") || status === undefined || ignorableStatus.test(status)) {
    return found;
  }
  const next = action ?? poolCommand(pool, "zpool", "status");
  return [...found, { check: "pool-status", subject: poolLabel(pool), verdict: "warning", text: status, next }];
}

function judgeState(pool: AnsweringPool): CheckFinding[] {
  const { state, vdevs } = pool.status;
  if (state === "ONLINE") return [];
  const bad = vdevs.filter(({ isLeaf, role, state }) => isLeaf && role !== "spares" && state !== "ONLINE");
  const devices = bad.map(deviceText).join(", ");
  return [{
    check: `pool-${state.toLowerCase()}`,
    subject: poolLabel(pool),
    verdict: state === "DEGRADED" ? "warning" : "critical",
    text: devices === "" ? `it is ${state}` : `it is ${state}: ${devices}`,
    next: poolCommand(pool, "zpool", "status", "-x"),
  }];
}

function judgeLoss(pool: AnsweringPool): CheckFinding[] {
  const count = pool.status.dataErrors ?? 0n;
  if (count === 0n) return [];
  return [{
    check: "data-errors",
    subject: poolLabel(pool),
    verdict: "critical",
    text: `${count} ${count === 1n ? "file or block is" : "files or blocks are"} permanently damaged`,
    next: `${poolCommand(pool, "zpool", "status", "-v")} names them: restore them from the copy`,
  }];
}
