/**
 * Everything that a campaign can do to bzman.
 *
 * @module
 */

import { type ChaosFault, replicateInPeace } from "../fault.ts";
import { hostFaults } from "./hosts.ts";
import { limitFaults } from "./limits.ts";
import { processFaults } from "./processes.ts";
import { programFaults } from "./programs.ts";
import { userFaults } from "./users.ts";

/** No fault at all. */
const none: ChaosFault = {
  name: "none",
  strike: async (scene) => ({ ...await replicateInPeace(scene), hit: true }),
  exits: [0],
};

/** Every fault; `FAULTS` of the environment, a regular expression, narrows a campaign down to some of them. */
export const faults: readonly ChaosFault[] = [
  none,
  ...processFaults,
  ...hostFaults,
  ...limitFaults,
  ...programFaults,
  ...userFaults,
].filter(({ name }) => new RegExp(Deno.env.get("FAULTS") ?? "").test(name));
