/**
 * Runs the files of lab tests, some side by side. Each boots its own pair of hosts.
 *
 * @module
 */

import { add, type Count, none } from "./count.ts";
import { perform, showAtOnce } from "./perform.ts";
import type { Step } from "./steps.ts";

/** What a pair takes of the machine's memory at most, in bytes: 2 GiB a host, and what runs beside it. */
const pairBytes = 5 * 2 ** 30;

/** How many files run at once: `LANES` of the environment, else one a processor, as far as the memory goes. */
function laneCount(steps: number): number {
  const fit = Math.floor(Deno.systemMemoryInfo().available / pairBytes);
  const wanted = Number(Deno.env.get("LANES") ?? Math.min(fit, navigator.hardwareConcurrency));
  return Math.max(1, Math.min(steps, Number.isInteger(wanted) ? wanted : 1));
}

/** How a lane performs a step. */
type Perform = (step: Step) => Promise<Count>;

/** Runs the steps, in order as lanes become free. */
export async function performInLanes(steps: readonly Step[]): Promise<Count> {
  const waiting = [...steps];
  const count = laneCount(steps.length);
  const performOne: Perform = count > 1 ? performQuietly : (step) => perform(step, showAtOnce);
  const lane = async (): Promise<Count> => {
    let total = none;
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      total = add(total, await performOne(step));
    }
    return total;
  };
  return (await Promise.all(Array.from({ length: count }, lane))).reduce(add, none);
}

/** Runs one step, and shows its output in one piece once it has ended, so that lanes do not talk across one another. */
async function performQuietly(step: Step): Promise<Count> {
  const parts: Uint8Array[] = [];
  const clock = () => new Date().toTimeString().slice(0, 8);
  console.log(`${clock()} begins: ${step.name}`);
  const count = await perform(step, (part) => Promise.resolve(parts.push(part)));
  for (const part of parts) await Deno.stdout.write(part);
  console.log(`${clock()} ended: ${step.name}`);
  return count;
}
