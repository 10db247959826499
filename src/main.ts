/**
 * bzman: ZFS pool replication. The only place that touches the process: arguments, streams, signals, exit status.
 *
 * @module
 */

import { run } from "./cli/run.ts";
import { listenToSignals } from "./cli/signals.ts";
import { systemOutput } from "./cli/system_output.ts";

/** How long something forgotten may keep the process alive after its work is done, in milliseconds. */
const strayHandleMs = 5000;

const env = (name: string): string | undefined => Deno.env.get(name);

function width(): number | undefined {
  try {
    return Deno.consoleSize().columns || undefined;
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  using signals = listenToSignals();
  const stdout = systemOutput(Deno.stdout, env, width);
  const stderr = systemOutput(Deno.stderr, env, width);
  const status = await run(Deno.args, {
    stdout,
    stderr,
    env,
    signal: signals.signal,
    clock: Date.now,
    hostname: Deno.hostname(),
    pid: Deno.pid,
  });
  if (stdout.error !== undefined) stderr.write(`bzman: cannot write standard output: ${stdout.error.message}\n`);
  const { uncaught } = signals;
  // With another status it has been told as the cause.
  if (uncaught !== undefined && status === 0) stderr.write(`bzman: internal error: ${uncaught.message}\n`);
  // Not Deno.exit, which skips what is still to be cleaned up.
  Deno.exitCode = Math.max(status, stdout.error === undefined && uncaught === undefined ? 0 : 1);
  // All is done. What still holds the process then, such as a pipe that a stray child keeps open, must not hang cron.
  Deno.unrefTimer(setTimeout(() => Deno.exit(), strayHandleMs));
}

if (import.meta.main) await main();
