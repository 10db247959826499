/**
 * Runs one step of a test run, and reads what came of it.
 *
 * @module
 */

import { add, type Count, none, readCount } from "./count.ts";
import type { Step } from "./steps.ts";

/** Where the output of a step goes, as it comes. */
export type Show = (part: Uint8Array) => Promise<unknown>;

/** Shows output at once on standard output. */
export const showAtOnce: Show = (part: Uint8Array): Promise<number> => Deno.stdout.write(part);

/** Runs one step and shows its output. */
export async function perform(step: Step, show: Show = showAtOnce): Promise<Count> {
  const started = performance.now();
  const tell = (line: string) => show(new TextEncoder().encode(`${line}\n`));
  await tell(`\n── ${step.name}`);
  const [program, ...args] = step.argv;
  const child = new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
    env: Deno.stdout.isTerminal() ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" },
  }).spawn();
  const limit = setTimeout(() => {
    void tell(`\n${step.name} did not end within ${step.limitMs / 60_000} minutes`);
    child.kill("SIGKILL");
  }, step.limitMs);
  const reader = child.stdout.getReader();
  const output = copy(reader, show);
  const { success } = await child.status;
  clearTimeout(limit);
  // An orphan that a test left behind may hold the pipe open for ever.
  const patience = setTimeout(() => void reader.cancel(), 2000);
  const text = await output;
  clearTimeout(patience);

  const count = step.tests ? readCount(text) ?? none : none;
  if (!step.tests) await tell(`${success ? "ok" : "FAILED"} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  // Whatever fails without a failed test of its own, such as a file that does not load, counts as one.
  return success || count.failed > 0 ? count : add(count, { ...none, failed: 1 });
}

/** Shows what a program prints as it prints it, and keeps it. */
async function copy(reader: ReadableStreamDefaultReader<Uint8Array>, show: Show): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    await show(part.value);
    text += decoder.decode(part.value, { stream: true });
  }
  return text;
}
