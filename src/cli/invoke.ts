/**
 * From the command line to commands that ran. Loaded only when there is something to parse.
 *
 * @module
 */

import type { Context, Handler } from "../session/context.ts";
import { environmentLayer } from "../config/environment.ts";
import { type AnyParsedCommand, commandNamed, type Invocation } from "./commands.ts";
import { parseArguments } from "./parse/parse.ts";
import { exitConventionOf } from "./exit_convention.ts";
import type { Attempt } from "./run.ts";

/**
 * Reads a command line and runs its commands.
 *
 * @param attempt Runs one of them and tells of its failure.
 * @returns The exit status: of several commands in one line (the one-letter interface) the worst.
 */
export async function invoke(argv: readonly string[], context: Context, attempt: Attempt): Promise<number> {
  let worst = 0;
  for (const invocation of read(argv, context)) {
    worst = Math.max(worst, await attempt(exitConventionOf([invocation.command]), () => start(invocation, context)));
    if (context.signal.aborted) break;
  }
  return worst;
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
  return parsed.commands.map((draft: AnyParsedCommand): Invocation => draft.resolve(below));
}

async function start(invocation: Invocation, context: Context): Promise<number> {
  const row = commandNamed(invocation.command);
  // The settings were made by the same row of the table, which the type checker cannot follow through a union.
  const handler = await row?.load() as Handler<unknown>;
  context.signal.throwIfAborted();
  return await handler(invocation.settings, invocation.common, context);
}
