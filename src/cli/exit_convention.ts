/**
 * Which commands check instead of act; known without loading any parser, because failures need it.
 *
 * @module
 */

import type { ExitConvention } from "../session/context.ts";

/** The first words of commands that check. */
const checking: ReadonlySet<string> = new Set(["status", "health", "capacity", "verify"]);

/** The first words of commands that act; a dataset may be called as one that checks. */
const acting: ReadonlySet<string> = new Set([
  "replicate",
  "send",
  "preflight",
  "log",
  "report",
  "prune",
  "metrics",
  "mail",
  "completions",
  "completion",
  "man",
  "version",
  "help",
]);

/**
 * The family of the command that a command line is about, also when the rest of it cannot be read. Options may stand before
 * the command.
 */
export function exitConventionOf([first = "", ...more]: readonly string[]): ExitConvention {
  const command = first.startsWith("-") ? more.find((word) => checking.has(word) || acting.has(word)) : first;
  return command !== undefined && checking.has(command) ? "checks" : "acts";
}
