/**
 * A whole run of bzman, from the command line to the exit status, with the world passed in.
 *
 * @module
 */

import type { Context, Handler } from "../commands/context.ts";
import { describeFailure } from "../commands/failure.ts";
import { environmentLayer } from "../config/environment.ts";
import { type AnyDraft, commandNamed, type Invocation } from "./commands.ts";
import { parseArguments, usageExit } from "./parse.ts";

/**
 * Runs a command line and tells of failures.
 *
 * @returns The exit status: of several commands in one line (the one-letter interface) the worst.
 */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  const options = { debug: argv.includes("--debug"), usageExit: usageExit(argv), signal: context.signal };
  const attempt = async (work: () => number | Promise<number>): Promise<number> => {
    try {
      return await work();
    } catch (error) {
      const failure = describeFailure(error, options);
      context.stderr.write(failure.text);
      if (argv.includes("--json") && !context.stdout.used) {
        context.stdout.write(`${JSON.stringify({ error: failure.json })}\n`);
      }
      return failure.exit;
    }
  };
  return await attempt(async () => {
    const invocations = read(argv, context);
    let worst = 0;
    for (const invocation of invocations) {
      if (context.signal.aborted) break;
      worst = Math.max(worst, await attempt(() => start(invocation, context)));
    }
    return worst;
  });
}

/** Reads the command line; prints at once where it asks for a text, and leaves nothing to run then. */
function read(argv: readonly string[], context: Context): readonly Invocation[] {
  const { colors, columns } = context.stdout;
  const parsed = parseArguments(argv, { colors, columns });
  if (parsed.kind === "text") {
    context.stdout.write(parsed.text);
    return [];
  }
  const below = environmentLayer(context.env);
  // Everything is settled before anything runs: a mistake in the second command of a line stops the first.
  return parsed.drafts.map((draft: AnyDraft): Invocation => draft.settle(below));
}

async function start(invocation: Invocation, context: Context): Promise<number> {
  const row = commandNamed(invocation.command);
  // The settings were made by the same row of the table, which the type checker cannot follow through a union.
  const handler = await row?.load() as Handler<unknown>;
  return await handler(invocation.settings, invocation.common, context);
}
