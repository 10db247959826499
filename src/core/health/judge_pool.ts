/**
 * The verdicts on a pool: whether it answers, its state, its devices, what was lost, its scrubs. Pure.
 *
 * @module
 */

import { type CheckFinding, commandOn } from "../check.ts";
import { poolCommand, poolLabel, type PoolLook, type SeenPool } from "./pool_look.ts";
import { deviceText, judgeDevices } from "./judge_devices.ts";
import { type ActivityInputs, judgeActivity } from "./pool_activity.ts";
import { judgeScrub, type ScrubInputs } from "./scrub.ts";

/** What the judgement of a pool depends on, besides the pool. */
export interface PoolInputs extends ScrubInputs, ActivityInputs {}

/** What ZFS notes about a pool that needs nobody's attention. */
const harmless =
  /features are not enabled on the pool|legacy on-disk format|not being requested by the 'compatibility' property|currently being resilvered|non-native block size/;

/** What is wrong with a pool, the worst first within one kind; and, as `ok`, what goes on there. */
export function judgePool(look: PoolLook, inputs: PoolInputs): CheckFinding[] {
  const subject = poolLabel(look);
  switch (look.kind) {
    case "seen":
      return judgeSeen(look, inputs);
    case "suspended":
      return [{
        check: "pool-suspended",
        subject,
        verdict: "critical",
        text: "its I/O is suspended: too many disks are gone, and whatever touches it hangs",
        next: `bring the disks back, then: ${poolCommand(look, "zpool", "clear")}`,
      }];
    case "silent":
      return [{
        check: "pool-silent",
        subject,
        verdict: "critical",
        text: `zpool gave no answer within ${inputs.show.duration(look.limitMs)}` +
          (look.stuck ? " and is stuck in the kernel" : "") + ": a pool may be suspended",
        next: commandOn(look.isLocal ? undefined : look.host, ["cat", `/proc/spl/kstat/zfs/${look.pool}/state`]),
      }];
    case "missing":
      return [{
        check: "pool-missing",
        subject,
        verdict: "critical",
        text: "it is not imported",
        next: poolCommand(look, "zpool", "import"),
      }];
    case "unreachable": {
      const { errorClass, what, why, next } = look.fault;
      const text = why === undefined ? what : `${what}: ${why}`;
      return [{ check: errorClass, subject, verdict: "unknown", text, ...(next === undefined ? {} : { next }) }];
    }
  }
}

function judgeSeen(pool: SeenPool, inputs: PoolInputs): CheckFinding[] {
  const found = [
    ...judgeState(pool),
    ...judgeLoss(pool),
    ...judgeDevices(pool),
    ...judgeActivity(pool, inputs),
    ...judgeScrub(pool, inputs),
  ];
  const { status, action } = pool.status;
  if (found.some(({ verdict }) => verdict !== "ok") || status === undefined || harmless.test(status)) return found;
  const next = action ?? poolCommand(pool, "zpool", "status");
  return [...found, { check: "pool-status", subject: poolLabel(pool), verdict: "warning", text: status, next }];
}

function judgeState(pool: SeenPool): CheckFinding[] {
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

function judgeLoss(pool: SeenPool): CheckFinding[] {
  const count = pool.status.dataErrors ?? 0n;
  if (count === 0n) return [];
  return [{
    check: "data-errors",
    subject: poolLabel(pool),
    verdict: "critical",
    text: `${count} ${count === 1n ? "file or block is" : "files or blocks are"} damaged for good`,
    next: `${poolCommand(pool, "zpool", "status", "-v")} names them: restore them from the copy`,
  }];
}
