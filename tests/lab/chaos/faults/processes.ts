/**
 * Processes that are killed or stopped.
 *
 * @module
 */

import { type ChaosFault, disturb, runPid, tryOn } from "../fault.ts";

/** Every stage of the pipeline, the connection, and bzman itself. */
export const processFaults: readonly ChaosFault[] = [
  { name: "kill zfs send", strike: (scene) => disturb(scene, "pkill -9 -o -f '^[^ ]*zfs send '") },
  { name: "kill mbuffer", strike: (scene) => disturb(scene, "pkill -9 -o -f '^[^ ]*mbuffer '") },
  { name: "kill ssh", strike: (scene) => disturb(scene, `pkill -9 -o -f '^[^ ]*ssh .*"zfs" "receive"'`) },
  { name: "kill the shared connection", strike: (scene) => disturb(scene, "pkill -9 -f '^[^ ]*ssh .* -N '") },
  {
    name: "kill zfs receive",
    strike: (scene) => disturb(scene, ":", () => tryOn(scene.lab.target, "pkill -9 -o -f '^[^ ]*zfs receive '")),
  },
  {
    name: "stop zfs receive for two seconds",
    strike: (scene) =>
      disturb(scene, ":", () =>
        tryOn(
          scene.lab.target,
          "pkill -STOP -f '^[^ ]*zfs receive ' && { sleep 2; pkill -CONT -f '^[^ ]*zfs receive '; }",
        )),
  },
  {
    name: "kill bzman",
    strike: (scene) => disturb(scene, `kill -9 $(cat ${runPid})`),
    exits: [0, 1, 137],
    untold: true,
  },
  ...(["INT", "TERM", "HUP"] as const).map((signal, index): ChaosFault => ({
    name: `SIG${signal}`,
    strike: (scene) => disturb(scene, `kill -${signal} $(cat ${runPid})`),
    // Before the run has begun in earnest, the signal itself ends the program.
    exits: [0, 1, [130, 143, 129][index]!],
    untold: true,
  })),
];
