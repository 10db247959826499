/**
 * Which commands check instead of act; known without loading any parser, because failures need it.
 *
 * @module
 */

import type { Family } from "../commands/context.ts";

/** The first words of commands that check. */
const checking: ReadonlySet<string> = new Set(["status", "health", "capacity", "verify"]);

/** The family of the command that a command line begins with, also when the rest of it cannot be read. */
export function familyOf([command = ""]: readonly string[]): Family {
  return checking.has(command) ? "checks" : "acts";
}
