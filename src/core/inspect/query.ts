/**
 * Runs a command on a host and turns every way it can fail into a {@linkcode Fault} with its class and advice.
 *
 * @module
 */

import type { Command } from "../../zfs/arguments/command.ts";
import { classifyError } from "../../zfs/parsers/error_classes.ts";
import { exitStatus, Fault, type FaultParts } from "../fault.ts";
import type { Host, Outcome, RunLimits } from "../ports.ts";

/**
 * Runs a command and reads its output.
 *
 * @param what What is being done, for the message: `cannot list pools`.
 * @throws {Fault} When the command fails, is stopped, or prints what cannot be read.
 */
export async function query<T>(host: Host, command: Command<T>, what: string, limits?: RunLimits): Promise<T> {
  return parseOutput(host, command, await host.run(command.argv, limits), what);
}

/**
 * Runs a command of which only success matters.
 *
 * @throws {Fault} When it fails or is stopped.
 */
export async function run(host: Host, argv: readonly string[], what: string, limits?: RunLimits): Promise<Outcome> {
  const outcome = await host.run(argv, limits);
  if (outcome.status !== 0 || outcome.stopped) throw new Fault(outcomeFault(host, argv, outcome, what));
  return outcome;
}

/**
 * Reads the output of a command that was run.
 *
 * @throws {Fault} When it failed, or its output cannot be read.
 */
export function parseOutput<T>(host: Host, command: Command<T>, outcome: Outcome, what: string): T {
  if (outcome.status !== 0 || outcome.stopped) throw new Fault(outcomeFault(host, command.argv, outcome, what));
  try {
    return command.parse(outcome.stdout);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Fault({
      errorClass: "output-unreadable",
      what,
      where: host.label,
      why: `'${command.argv.slice(0, 2).join(" ")}' printed what bzman cannot read: ${error.message}`,
      next: "run the command by hand and report this as a bug in bzman",
      exit: exitStatus.failed,
    }, { cause: error });
  }
}

/** The explanation of a command that failed. */
export function outcomeFault(host: Host, argv: readonly string[], outcome: Outcome, what: string): FaultParts {
  const where = host.label;
  const program = argv.slice(0, 2).join(" ");
  if (outcome.connection) {
    const { errorClass, temporary, why, next } = outcome.connection;
    return { errorClass, what, where, why, next, temporary, exit: exitStatus.refused, stderrTail: outcome.stderr };
  }
  switch (outcome.stopped) {
    case "timeout":
      return {
        errorClass: "command-timeout",
        what,
        where,
        why: `'${program}' gave no answer within ${Math.round(outcome.elapsedMs / 1000)} s` +
          (outcome.abandoned ? " and is stuck in the kernel: a pool may be suspended" : ""),
        next: "see 'zpool status -x' there; a suspended pool needs its disks back and then 'zpool clear POOL'",
        stderrTail: outcome.stderr,
        temporary: false,
        exit: exitStatus.refused,
      };
    case "aborted":
      return { errorClass: "interrupted", what, where, why: "bzman was told to stop", exit: exitStatus.failed };
    case "overflow":
      return { errorClass: "output-too-large", what, where, why: "it wrote more than fits", exit: exitStatus.failed };
    case undefined:
  }
  const known = classifyError(outcome.stderr);
  const missing = (outcome.status === 127 || outcome.status === 126) && known?.name !== "no-resources";
  return {
    errorClass: missing ? "program-missing" : known?.name ?? "command-failed",
    what,
    where,
    why: firstLines(outcome.stderr) || `'${program}' ended with status ${outcome.status}`,
    next: missing
      ? `install ${argv[0]} there, in a folder of the system such as /usr/sbin`
      : known?.next.replace("HOST", where) ?? "run the command by hand there",
    stderrTail: outcome.stderr.slice(-8192),
    temporary: known?.temporary ?? false,
    exit: exitStatus.failed,
  };
}

/** The first lines of an error, on one line, at most 300 characters. */
export function firstLines(stderr: string): string {
  return stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "").slice(0, 3).join("; ").slice(
    0,
    300,
  );
}
