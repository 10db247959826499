/**
 * What help looks like, and what `bzman --help` says besides the list of commands.
 *
 * @module
 */

import { lineBreak, type Message, message, type MessageTerm, text } from "@optique/core/message";
import { defaults } from "../config/defaults.ts";
import { exampleText } from "./definition.ts";

const shownDefaults: readonly (readonly [string, string])[] = [
  ["Record", defaults.db.shown],
  ["Config file", defaults.config.shown],
  ["Mail", `from ${defaults.mailFrom.shown} to ${defaults.mailTo.shown}, through ${defaults.smtp.shown}`],
  ["Snapshots", `${defaults.prefix.shown}-YYYY-MM-DDTHH:MM:SSZ, kept for ${defaults.keep.shown}`],
];

function footer(): Message {
  const terms: MessageTerm[] = [...exampleText([
    { line: "bzman preflight tank target", says: "can the pool tank be copied to the host target?" },
    { line: "bzman replicate tank target", says: "copy it, in full at first, then by increments" },
    { line: "bzman log --since 24h", says: "what happened since yesterday" },
    { line: "bzman help replicate", says: "every option of a command, with its default" },
  ])];
  terms.push(lineBreak(), lineBreak(), text("Defaults:"));
  for (const [name, shown] of shownDefaults) terms.push(lineBreak(), text(`  ${`${name}:`.padEnd(13)}${shown}`));
  terms.push(
    lineBreak(),
    lineBreak(),
    text("The original one-letter interface works as ever: "),
    text("bzman -s POOL HOST, -d POOL/DATASET HOST, -p, -b PATH, --snapkeep=N."),
  );
  return terms;
}

/** The part of the runner's options that is about looks. */
export const rootHelp = {
  brief: message`bzman keeps a near-instant copy of a ZFS pool on another host.`,
  usageLine: [
    { type: "command", name: "COMMAND" },
    { type: "optional", terms: [{ type: "argument", metavar: "ARGUMENTS" }] },
  ],
  footer: footer(),
  showDefault: { prefix: " [default: ", suffix: "]" },
  showChoices: { label: "" },
  termWidth: 26,
} as const;
