/**
 * What goes wrong while bzman works.
 *
 * @module
 */

import type { Lab, ShResult } from "../../../lab/lab.ts";
import { bzman } from "../support/bzman.ts";
import { bzmanPid } from "../support/faults.ts";
import type { Chance } from "./random.ts";

/** Every kind; none at all is common too. */
export const troubles = [
  "none",
  "kill send",
  "kill ssh",
  "kill receive",
  "kill bzman",
  "stop bzman",
  "cut link",
  "power off",
] as const;

/** A kind of trouble. */
export type Trouble = typeof troubles[number];

/** The stream takes some seconds at this rate, so that there is something to disturb. */
const args = ["replicate", "tank", "target", "--bwlimit", "1M", "--retries", "1"];

/** Replicates while something goes wrong, and mends what bzman cannot mend itself. */
export async function replicateIn(trouble: Trouble, lab: Lab, chance: Chance): Promise<ShResult> {
  const delay = chance.below(20) / 10;
  const run = bzman(lab.source, args);
  if (trouble !== "none") await Promise.all([run, disturb(trouble, lab, delay, chance)]);
  return await run;
}

async function disturb(trouble: Exclude<Trouble, "none">, lab: Lab, delay: number, chance: Chance): Promise<void> {
  const { source, target } = lab;
  // A run with nothing to send never gets there, and that is no trouble.
  const { stdout } = await source.sh(`n=0; until pgrep -f '^[^ ]*zfs send ' >/dev/null; do
      n=$((n + 1)); [ $n -lt 600 ] || exit 0; sleep 0.1
    done; sleep ${delay}; echo there`);
  if (stdout === "") return;
  switch (trouble) {
    case "kill send":
      await source.sh("pkill -9 -o -f '^[^ ]*zfs send '; true");
      break;
    case "kill ssh":
      await source.sh(`pkill -9 -o -f '^[^ ]*ssh .*"zfs" "receive"'; true`);
      break;
    case "kill receive":
      await target.sh("pkill -9 -o -f '^[^ ]*zfs receive '; true");
      break;
    case "kill bzman":
    case "stop bzman": {
      const pid = await bzmanPid(source).catch(() => "");
      if (pid !== "") await source.sh(`kill -${trouble === "kill bzman" ? "KILL" : "TERM"} ${pid}; true`);
      break;
    }
    case "cut link":
      // Shorter than the keep-alives bear, or longer.
      await lab.cutLink();
      await new Promise((resolve) => setTimeout(resolve, chance.pick([3_000, 45_000])));
      await lab.healLink();
      break;
    case "power off":
      await target.powerOff();
      await target.powerOn();
      await target.sh("zpool list tank || zpool import -f tank", { timeoutMs: 120_000 });
  }
}
