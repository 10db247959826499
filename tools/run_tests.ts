/**
 * Runs the checks and tests of the house, shows what they print as they print it, and ends with one line that sums up:
 * `N passed, N failed, N skipped`. A failed check counts as a failed test; a passed one does not count.
 *
 * Usage: `tools/run_tests.ts fast` (`make check`), `tools/run_tests.ts all` (`make test`), or
 * `tools/run_tests.ts lab [FILTER]` (`make test LAB=FILTER`).
 *
 * @module
 */

import { add, type Count, none } from "./test/count.ts";
import { performInLanes } from "./test/lanes.ts";
import { perform } from "./test/perform.ts";
import {
  fastTests,
  manyHistories,
  packaging,
  patientTests,
  peers,
  slowTests,
  sourceChecks,
  type Step,
} from "./test/steps.ts";

/** Runs steps one after another. */
async function performAll(steps: readonly Step[]): Promise<Count> {
  let total = none;
  for (const step of steps) total = add(total, await perform(step));
  return total;
}

/** Packages bzman, and drives what was packaged; what cannot be packaged is not tested further. */
async function performSlow(filter?: string): Promise<Count> {
  const packaged = await perform(packaging());
  return packaged.failed > 0 ? packaged : await performInLanes(slowTests(filter));
}

const [scope = "fast", filter, ...rest] = Deno.args;
if (!["fast", "all", "lab"].includes(scope) || (filter !== undefined && scope !== "lab") || rest.length > 0) {
  console.error("usage: tools/run_tests.ts fast | all | lab [FILTER]");
  Deno.exit(2);
}
let total = none;
if (scope === "all") total = await perform(peers());
if (scope !== "lab") total = add(total, await performAll([...sourceChecks(), fastTests()]));
if (scope === "all") total = add(total, await performAll([patientTests(), ...manyHistories()]));
if (scope !== "fast") total = add(total, await performSlow(filter));

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
Deno.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
