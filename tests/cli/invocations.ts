/**
 * Reads command lines into invocations, for tests.
 *
 * @module
 */

import type { Invocation } from "../../src/cli/commands.ts";
import { parseArguments } from "../../src/cli/parse/parse.ts";
import type { Layer } from "../../src/config/layer.ts";
import type { UsageError } from "../../src/config/usage_error.ts";

/** A command line as a person writes it, without quotes: words are parted by blanks. */
export function words(line: string): readonly string[] {
  return line.split(" ").filter((word) => word !== "");
}

/** The invocations of a command line. */
export function invocations(argv: readonly string[], below: Layer = {}): readonly Invocation[] {
  const parsed = parseArguments(argv, { colors: false, columns: 80 });
  if (parsed.kind === "text") throw new Error(`a text, not a command: ${parsed.text.slice(0, 60)}`);
  return parsed.commands.map((draft): Invocation => draft.resolve(below));
}

/** What a command line makes bzman say: the whole complaint, with its advice. */
export function complaint(argv: readonly string[]): string {
  try {
    const found = invocations(argv);
    return `none: ${JSON.stringify(found.map(({ command }) => command))}`;
  } catch (error) {
    if ((error as Error).name !== "UsageError") throw error;
    const { message, next } = error as UsageError;
    return `${message} | ${next}`;
  }
}
