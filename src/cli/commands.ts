/**
 * The table of commands. A new command is one file `*_parser.ts`, one file in `src/commands/`, and one line here; help,
 * completions, the manual page, did-you-mean and the one-letter interface follow.
 *
 * @module
 */

import { type Message, message } from "@optique/core/message";
import { capacityCommand } from "./parsers/capacity_parser.ts";
import { completionsCommand } from "./parsers/completions_parser.ts";
import type { Definition, InvocationOf, ParsedCommand } from "./definition.ts";
import { healthCommand } from "./parsers/health_parser.ts";
import { logCommand } from "./parsers/log_parser.ts";
import { mailTestCommand } from "./parsers/mail_test_parser.ts";
import { manCommand } from "./parsers/man_parser.ts";
import { metricsCommand } from "./parsers/metrics_parser.ts";
import { preflightCommand } from "./parsers/preflight_parser.ts";
import { pruneCommand } from "./parsers/prune_parser.ts";
import { reportCommand } from "./parsers/report_parser.ts";
import { replicateCommand } from "./parsers/replicate_parser.ts";
import { statusCommand } from "./parsers/status_parser.ts";
import { verifyCommand } from "./parsers/verify_parser.ts";
import { versionCommand } from "./parsers/version_parser.ts";

/** Every command, in the order of help. */
export const commands = [
  replicateCommand,
  preflightCommand,
  statusCommand,
  logCommand,
  reportCommand,
  healthCommand,
  capacityCommand,
  verifyCommand,
  pruneCommand,
  metricsCommand,
  mailTestCommand,
  completionsCommand,
  manCommand,
  versionCommand,
] as const;

/** What the first word of commands with two words is about. */
export const groups: Readonly<Record<string, Message>> = {
  mail: message`test: send a test mail through the configured transport, and show where it went.`,
};

type Row = (typeof commands)[number];

type InvocationOfRow<R> = R extends Definition<infer Name, infer Settings> ? InvocationOf<Name, Settings> : never;

type ParsedOfRow<R> = R extends Definition<infer Name, infer Settings> ? ParsedCommand<Name, Settings> : never;

/** A command as typed, checked and complete: one variant a command, told apart by `command`. */
export type Invocation = InvocationOfRow<Row>;

/** A command as typed, waiting for the environment and the config file. */
export type AnyParsedCommand = ParsedOfRow<Row>;

/** The name of a command. */
export type AnyName = Row["name"];

/** The row of a command by its name or alias, `undefined` for a word that is no command. */
export function commandNamed(name: string): Row | undefined {
  return commands.find((row) => row.name === name || (row.aliases as readonly string[]).includes(name));
}

/** The row of the command that a command line begins with, of one word or two. */
export function commandOf(argv: readonly string[]): Row | undefined {
  return commandNamed(argv.slice(0, 2).join(" ")) ?? commandNamed(argv[0] ?? "");
}
