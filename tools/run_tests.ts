/**
 * Runs the checks and tests of the house, shows what they print as they print it, and ends with one line that sums up:
 * `N passed, N failed, N skipped`. A failed check counts as a failed test; a passed one does not count.
 *
 * Usage: `tools/run_tests.ts fast` (`make check`), `tools/run_tests.ts all` (`make test`), or
 * `tools/run_tests.ts lab [FILTER]` (`make test LAB=FILTER`).
 *
 * @module
 */

import { add, type Count, none, readCount } from "./test/count.ts";
import { fastTests, packaging, patientTests, slowTests, sourceChecks, type Step, unproven } from "./test/steps.ts";

/** Runs one step and shows its output. */
async function perform(step: Step): Promise<Count> {
  const started = performance.now();
  console.log(`\n── ${step.name}`);
  const [program, ...args] = step.argv;
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
    env: Deno.stdout.isTerminal() ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" },
  }).spawn();
  const limit = setTimeout(() => {
    console.log(`\n${step.name} did not end within ${step.limitMs / 60_000} minutes`);
    child.kill("SIGKILL");
  }, step.limitMs);
  const reader = child.stdout.getReader();
  const output = show(reader);
  const { success } = await child.status;
  clearTimeout(limit);
  // An orphan that a test left behind may hold the pipe open for ever.
  const patience = setTimeout(() => void reader.cancel(), 2000);
  const text = await output;
  clearTimeout(patience);

  const count = step.tests ? readCount(text) ?? none : none;
  if (!step.tests) console.log(`${success ? "ok" : "FAILED"} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  // Whatever fails without a failed test of its own, such as a file that does not load, counts as one.
  return success || count.failed > 0 ? count : add(count, { ...none, failed: 1 });
}

/** Shows what a program prints as it prints it, and keeps it. */
async function show(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    await Deno.stdout.write(part.value);
    text += decoder.decode(part.value, { stream: true });
  }
  return text;
}

/** Runs steps one after another. */
async function performAll(steps: readonly Step[]): Promise<Count> {
  let total = none;
  for (const step of steps) total = add(total, await perform(step));
  return total;
}

/** Packages bzman, and drives what was packaged; what cannot be packaged is not tested further. */
async function performSlow(filter?: string): Promise<Count> {
  const packaged = await perform(packaging());
  return packaged.failed > 0 ? packaged : await performAll(slowTests(filter));
}

const [scope = "fast", filter] = Deno.args;
let total = none;
if (scope !== "lab") total = await performAll([...sourceChecks(), fastTests()]);
if (scope === "all") total = add(total, await perform(patientTests()));
if (scope !== "fast") total = add(total, await performSlow(filter));

if (scope === "all" && unproven.length > 0) {
  console.log(`\nskipped, since not yet seen to pass: ${unproven.join(", ")}`);
  total = add(total, { ...none, skipped: unproven.length });
}

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
Deno.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
