/**
 * What goes wrong while bzman works.
 *
 * @module
 */

import type { Lab, LabHost, ShResult } from "../../../lab/lab.ts";
import { bzman } from "../support/bzman.ts";

/** A kind of trouble. */
export type Trouble = "none" | "kill send" | "kill ssh" | "kill receive" | "kill bzman" | "cut link" | "power off";

/** Every kind; none at all is common too. */
export const troubles: readonly Trouble[] = [
  "none",
  "kill send",
  "kill ssh",
  "kill receive",
  "kill bzman",
  "cut link",
  "power off",
];

/** The stream takes some seconds at this rate, so that there is something to disturb. */
const args = ["replicate", "tank", "target", "--bwlimit", "1M", "--retries", "1"];

/** Replicates while something goes wrong, and mends what bzman cannot mend itself. */
export async function replicateIn(trouble: Trouble, lab: Lab): Promise<ShResult> {
  const run = bzman(lab.source, args);
  switch (trouble) {
    case "none":
      return await run;
    case "kill send":
      return await during(run, () => killFirst(lab.source, "^[^ ]*zfs send "));
    case "kill ssh":
      return await during(run, () => killFirst(lab.source, "^[^ ]*ssh .*zfs receive"));
    case "kill receive":
      return await during(run, () => killFirst(lab.target, "^[^ ]*zfs receive "));
    case "kill bzman":
      return await during(run, () => killFirst(lab.source, "^[^ ]*deno run .*replicate"));
    case "cut link": {
      const result = await during(run, async () => {
        await awaitProcess(lab.source, "^[^ ]*zfs send ");
        await lab.cutLink();
      });
      await lab.healLink();
      return result;
    }
    case "power off": {
      const result = await during(run, async () => {
        await awaitProcess(lab.source, "^[^ ]*zfs send ");
        await lab.target.powerOff();
      });
      await lab.target.powerOn();
      await lab.target.sh("zpool list tank || zpool import -f tank", { timeoutMs: 120_000 });
      return result;
    }
  }
}

async function during(run: Promise<ShResult>, disturb: () => Promise<unknown>): Promise<ShResult> {
  const [result] = await Promise.all([run, disturb()]);
  return result;
}

/** Waits at most 60 s; a run with nothing to send never starts the process, and that is no fault. */
async function awaitProcess(host: LabHost, pattern: string): Promise<void> {
  await host.sh(
    `n=0; until pgrep -f '${pattern}' >/dev/null; do n=$((n + 1)); [ $n -lt 300 ] || exit 0; sleep 0.2; done`,
  );
}

async function killFirst(host: LabHost, pattern: string): Promise<void> {
  await awaitProcess(host, pattern);
  await host.sh(`pkill -9 -o -f '${pattern}'; true`);
}
