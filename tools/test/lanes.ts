/**
 * Runs the files of lab tests, some side by side: each lane has a pair of hosts of its own, which all its files share.
 *
 * An emulated host keeps one processor busy, and hardly ever both hosts of a pair at once: so there is a lane for each
 * processor.
 *
 * @module
 */

import { bootLab, type Lab } from "../../lab/lab.ts";
import { add, type Count, none } from "./count.ts";
import { perform, showAtOnce } from "./perform.ts";
import type { Step } from "./steps.ts";

const mostLanes = 4;

/** What a pair takes of the machine's memory at most, in bytes: 2 GiB a host, and the emulators' own. */
const pairBytes = 5 * 2 ** 30;

/** How many files run at once: `LANES` of the environment, else one a processor, as far as the memory goes. */
function laneCount(steps: number): number {
  const fit = Math.floor(Deno.systemMemoryInfo().available / pairBytes);
  const wanted = Number(Deno.env.get("LANES") ?? Math.min(fit, navigator.hardwareConcurrency));
  return Math.max(1, Math.min(mostLanes, steps, Number.isInteger(wanted) ? wanted : 1));
}

/** How a lane performs a step. */
type Perform = (step: Step, env: Record<string, string>) => Promise<Count>;

/** A machine that is much slower than those this was made on must end before whoever waits for it gives up. */
const usualMinutes = 60;

/**
 * Runs the steps, in order as lanes become free. What has not begun when `MINUTES` of the environment (60) have passed since
 * this program began is named and counted as skipped.
 */
export async function performInLanes(steps: readonly Step[]): Promise<Count> {
  const waiting = [...steps];
  const left = Math.max(0, Number(Deno.env.get("MINUTES") ?? usualMinutes) * 60_000 - performance.now());
  const skipped: Step[] = [];
  const timer = setTimeout(() => skipped.push(...waiting.splice(0)), Math.min(left, 2 ** 31 - 1));
  const count = laneCount(steps.length);
  const performOne: Perform = count > 1 ? performQuietly : (step, env) => perform(step, showAtOnce, env);
  const second: string[] = [];
  const lanes = Array.from({ length: count }, (_, lane) => performLane(lane + 1, waiting, performOne, second));
  const total = (await Promise.all(lanes)).reduce(add, none);
  clearTimeout(timer);
  if (second.length > 0) console.log(`\npassed at the second try alone: ${second.join(", ")}`);
  if (skipped.length > 0) console.log(`\nskipped, for want of time: ${skipped.map(({ name }) => name).join(", ")}`);
  return add(total, { ...none, skipped: skipped.length });
}

/** Takes one step after another from those that wait. */
async function performLane(lane: number, waiting: Step[], performOne: Perform, second: string[]): Promise<Count> {
  let total = none;
  let lab: Lab | undefined;
  const attempt = async (step: Step): Promise<Count> => {
    if (step.hosts === "own") return await performOne(step, {});
    lab ??= await bootLab({ name: `lane-${Deno.pid}-${lane}` });
    const count = await performOne(step, { BZMAN_LAB_JOIN: lab.name });
    if (count.failed > 0) {
      // Nobody knows what a failed test has left behind.
      await lab[Symbol.asyncDispose]();
      lab = undefined;
    }
    return count;
  };
  try {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      let count = await attempt(step);
      if (count.failed > 0) {
        // Emulated hosts on a busy machine miss moments that a test waits for; a defect fails on new hosts too.
        console.log(`\n${step.name} failed, and is tried once more on new hosts`);
        count = await attempt(step);
        if (count.failed === 0) second.push(step.name);
      }
      total = add(total, count);
    }
  } finally {
    await lab?.[Symbol.asyncDispose]();
  }
  return total;
}

/** Runs one step, and shows its output in one piece once it has ended, so that lanes do not talk across one another. */
async function performQuietly(step: Step, env: Record<string, string>): Promise<Count> {
  const parts: Uint8Array[] = [];
  const clock = () => new Date().toTimeString().slice(0, 8);
  console.log(`${clock()} begins: ${step.name}`);
  const count = await perform(step, (part) => Promise.resolve(parts.push(part)), env);
  for (const part of parts) await Deno.stdout.write(part);
  console.log(`${clock()} ended: ${step.name}`);
  return count;
}
