/**
 * Hosts that go away, and the link between them.
 *
 * @module
 */

import type { Lab, LabHost } from "../../../../lab/lab.ts";
import { type ChaosFault, disturb, pause } from "../fault.ts";

/** A host loses its power and comes back. */
async function powerCycle(host: LabHost): Promise<void> {
  await host.powerOff();
  await host.powerOn();
  await host.sh("zpool list tank >/dev/null || zpool import -f tank", { timeoutMs: 120_000 });
}

async function cut(lab: Lab, seconds: number): Promise<void> {
  await lab.cutLink();
  await pause(seconds);
  await lab.healLink();
}

async function freeze(host: LabHost, seconds: number): Promise<void> {
  await host.freeze();
  await pause(seconds);
  await host.thaw();
}

const netem = (words: string, deed: string): string => `tc qdisc ${words} dev eth1 root ${deed}`;

/** Power, frost, and the cable. The keep-alives of the campaign's ssh bear three seconds of silence. */
export const hostFaults: readonly ChaosFault[] = [
  { name: "cut the link for a second", strike: (scene) => disturb(scene, ":", () => cut(scene.lab, 1)) },
  { name: "cut the link for five seconds", strike: (scene) => disturb(scene, ":", () => cut(scene.lab, 5)) },
  { name: "power off the target", strike: (scene) => disturb(scene, ":", () => powerCycle(scene.lab.target)) },
  {
    name: "power off the source",
    strike: (scene) => disturb(scene, ":", () => powerCycle(scene.lab.source)),
    // The handle's own connection goes with the host.
    exits: [0, 1, 3, 255],
    untold: true,
    lingers: true,
  },
  { name: "freeze the target for a second", strike: (scene) => disturb(scene, ":", () => freeze(scene.lab.target, 1)) },
  {
    name: "freeze the target for five seconds",
    strike: (scene) => disturb(scene, ":", () => freeze(scene.lab.target, 5)),
  },
  {
    name: "a link that is slow and loses packets",
    strike: async (scene) => {
      const { source } = scene.lab;
      await source.sh(netem("add", `netem delay ${5 + scene.chance.below(20)}ms loss ${1 + scene.chance.below(3)}%`));
      try {
        return await disturb(scene, ":");
      } finally {
        await source.sh(netem("del", ""));
      }
    },
    exits: [0, 1],
  },
];
