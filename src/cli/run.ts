/**
 * A whole run of bzman, from the command line to the exit status, with the world passed in.
 *
 * @module
 */

import type { Context, ExitConvention } from "../session/context.ts";
import { describeFailure } from "../session/describe_failure.ts";
import { exitConventionOf } from "./exit_convention.ts";

/** Does some work, tells of its failure, and answers with the exit status. */
export type Attempt = (convention: ExitConvention, work: () => number | Promise<number>) => Promise<number>;

/**
 * Runs a command line and tells of failures.
 *
 * @returns The exit status.
 */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  const json = argv.includes("--json");
  const options = { debug: argv.includes("--debug"), signal: context.signal };
  const attempt: Attempt = async (convention, work) => {
    try {
      return await work();
    } catch (error) {
      const failure = describeFailure(error, { ...options, convention });
      // A monitoring system reads the first line of standard output.
      (convention === "checks" && !json ? context.stdout : context.stderr).write(failure.text);
      if (json && !context.stdout.used) context.stdout.write(failure.json);
      return failure.exit;
    }
  };
  return await attempt(exitConventionOf(argv), async () => {
    if (asksVersionAlone(argv)) {
      const { version } = await import("../commands/version.ts");
      return version({}, { json: false }, context);
    }
    const { invoke } = await import("./invoke.ts");
    return await invoke(argv, context, attempt);
  });
}

/** Monitoring and packages ask for the version often, and the parsers would take thrice its time. */
function asksVersionAlone(argv: readonly string[]): boolean {
  return argv.length === 1 && /^(?:version|--version|-V)$/.test(argv[0] ?? "");
}
