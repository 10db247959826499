/**
 * Programs that talk too much.
 *
 * @module
 */

import type { ChaosFault, Scene } from "../fault.ts";
import { disturb } from "../fault.ts";
import { withFake } from "../../support/faults.ts";

/** A megabyte of lines on standard error, as a driver or a wrapper that has gone mad writes it. */
const flood = "yes 'warning: something is not as it should be here' | head -c 1000000 >&2";

const floodOf = (program: string, when: string, host: "source" | "target"): ChaosFault["strike"] => (scene: Scene) => {
  const script = `case "$*" in ${when}) ${flood} ;; esac\nexec $real ${program === "ssh" ? aliveOptions : ""} "$@"`;
  return withFake(scene.lab[host], program, script, () => disturb(scene, ":"));
};

/** Options of ssh under which a dead link is noticed within three seconds. The first that is given counts. */
export const aliveOptions = "-o ServerAliveInterval=1 -o ServerAliveCountMax=3";

/** A megabyte on the standard error of each program that bzman listens to. */
export const programFaults: readonly ChaosFault[] = [
  { name: "ssh floods stderr", strike: floodOf("ssh", "*", "source"), exits: [0, 1, 3] },
  { name: "zfs receive floods stderr", strike: floodOf("zfs", "receive*", "target") },
  { name: "zfs send floods stderr", strike: floodOf("zfs", "send*", "source") },
  { name: "zfs list floods stderr", strike: floodOf("zfs", "list*|get*", "target") },
];
