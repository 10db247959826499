/**
 * Runs one program to its end, with a limit on everything: time, output, and patience with a process that will not die.
 *
 * @module
 */

import type { Outcome, RunLimits } from "../../core/ports.ts";
import { type Capture, captureEnds, captureHead } from "./capture.ts";
import { childEnvironment, resolveProgram } from "./environment.ts";
import type { OrphanReaper } from "./orphan_reaper.ts";
import { type StopTimeouts, type Terminable, terminate, within } from "./terminate.ts";

/** What can be set for one program, beyond what every host offers. */
export interface ProcessOptions extends RunLimits {
  /** Variables on top of {@linkcode childEnvironment}. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * The most standard output, in bytes. More ends the program with `stopped: "overflow"`.
   *
   * @default {268435456}
   */
  readonly stdoutLimitBytes?: number;
  /**
   * How much of standard error is kept of its beginning, and as much of its end, in bytes.
   *
   * @default {524288}
   */
  readonly stderrEndBytes?: number;
  /** Ends the program should bzman be killed. */
  readonly reaper?: OrphanReaper;
  /** How it is stopped. */
  readonly stopTimeouts?: StopTimeouts;
}

/** The default limit of {@linkcode RunLimits.timeoutMs}, in milliseconds. */
export const defaultTimeoutMs = 120_000;

/** How long output may stay open after the program itself has ended (a grandchild holds it), in milliseconds. */
const lingerMs = 1000;

/**
 * Runs a program. A failure of any kind is an outcome: 127 when the program is not there, 126 when it cannot be run.
 *
 * @param argv The program, by name or absolute path, and its arguments.
 * @throws {RangeError} If `argv` is empty.
 */
export async function runProcess(argv: readonly string[], options: ProcessOptions = {}): Promise<Outcome> {
  const started = performance.now();
  const [name, ...args] = argv;
  if (name === undefined) throw new RangeError("A command needs at least one word");
  const elapsedMs = () => performance.now() - started;
  // spawn() ignores a signal that was aborted before: the program would run to its end.
  if (options.signal?.aborted) return { status: 130, stdout: "", stderr: "", elapsedMs: 0, stopped: "aborted" };
  const child = start(name, args, options);
  if (typeof child === "string") {
    return { status: child.endsWith("not found") ? 127 : 126, stdout: "", stderr: child, elapsedMs: elapsedMs() };
  }
  options.reaper?.watch(child.pid);
  const stop = Promise.withResolvers<NonNullable<Outcome["stopped"]>>();
  const stdout = captureHead(child.stdout, options.stdoutLimitBytes ?? 2 ** 28, () => stop.resolve("overflow"));
  const { stderrEndBytes = 2 ** 19 } = options;
  const stderr = captureEnds(child.stderr, stderrEndBytes, stderrEndBytes);
  if (hasInput(options)) void feed(child.stdin, options.stdin ?? "", options.stdinWatchdog ? child.status : undefined);
  const timer = setTimeout(() => stop.resolve("timeout"), options.timeoutMs ?? defaultTimeoutMs);
  const onAbort = () => stop.resolve("aborted");
  options.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const first = await Promise.race([child.status, stop.promise]);
    const stopped = typeof first === "string" ? first : undefined;
    const abandoned = stopped !== undefined && await terminate(terminable(child), options.stopTimeouts) === "abandoned";
    if (abandoned) child.unref();
    else options.reaper?.forget(child.pid);
    await finish([stdout, stderr], abandoned ? 0 : lingerMs);
    return {
      status: abandoned ? 137 : (await child.status).code,
      stdout: stdout.text(),
      stderr: stderr.text(),
      elapsedMs: elapsedMs(),
      ...(stopped !== undefined && { stopped }),
      ...(abandoned && { abandoned }),
    };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
  }
}

/** A child of `Deno.Command` as the ladder sees it. */
export function terminable(child: Deno.ChildProcess): Terminable {
  return {
    pid: child.pid,
    ended: child.status,
    kill: (signal) => {
      try {
        child.kill(signal);
      } catch {
        // It ended in the meantime.
      }
    },
  };
}

function start(name: string, args: readonly string[], options: ProcessOptions): Deno.ChildProcess | string {
  const env: Record<string, string> = { ...childEnvironment(), ...options.env };
  const program = resolveProgram(name, env["PATH"] ?? "");
  if (program === undefined) return `${name}: not found`;
  try {
    return new Deno.Command(program, {
      args: [...args],
      clearEnv: true,
      env,
      stdin: hasInput(options) ? "piped" : "null",
      stdout: "piped",
      stderr: "piped",
      // A group of its own, so that Ctrl-C reaches bzman alone, which then stops its children in order.
      detached: true,
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `${name}: not found`;
    // Too many words (E2BIG), no permission, no process left: as a shell would say it. A missing permission of Deno's
    // own (NotCapable) is a defect and passes.
    if (error instanceof Deno.errors.NotCapable) throw error;
    return `${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function hasInput({ stdin, stdinWatchdog }: ProcessOptions): boolean {
  return stdin !== undefined || stdinWatchdog === true;
}

/** @param ended Standard input stays open until then. */
async function feed(stdin: WritableStream<Uint8Array>, text: string, ended?: Promise<unknown>): Promise<void> {
  const writer = stdin.getWriter();
  try {
    if (text !== "") await writer.write(new TextEncoder().encode(text));
    await ended;
    await writer.close();
  } catch {
    // The program need not read all of it.
  }
}

async function finish(captures: readonly Capture[], ms: number): Promise<void> {
  if (await within(Promise.all(captures.map((capture) => capture.done)), ms)) return;
  await Promise.all(captures.map((capture) => capture.cancel()));
}
