/**
 * What help says below what the parsers say: examples, and for `bzman --help` the defaults.
 *
 * @module
 */

import { defaults } from "../../config/defaults.ts";
import { commandOf } from "../commands.ts";
import type { Example } from "../definition.ts";
import { hanging, title } from "./text_layout.ts";

const rootExamples: readonly Example[] = [
  { line: "bzman preflight tank target", says: "can the pool tank be copied to the host target?" },
  { line: "bzman replicate tank target", says: "copy it, in full at first, then by increments" },
  { line: "bzman log --since 24h", says: "what happened since yesterday" },
  { line: "bzman help replicate", says: "every option of a command, with its default" },
];

const rootDefaults: readonly (readonly [string, string])[] = [
  ["Record", defaults.db.shown],
  ["Mail", `from ${defaults.mailFrom.shown} to ${defaults.mailTo.shown}`],
  ["Mail goes by", defaults.smtp.shown],
  ["Snapshots", `${defaults.prefix.shown}-YYYY-MM-DDTHH:MM:SSZ, in UTC`],
  ["Kept for", defaults.keep.shown],
];

const oldInterface = "The original one-letter interface works as it did, alone and combined: " +
  "-s POOL HOST, -d POOL/DATASET HOST, -m (health), -c (capacity), -p (log), -r TO (report), " +
  "-b PATH or --db=PATH, --snapkeep=N, -h.";

/** How help may look. */
export interface HelpStyle {
  readonly colors: boolean;
  /** The width to fit. */
  readonly width: number;
}

/**
 * The end of a help page.
 *
 * @param line The command line that asks for help: `help log`, `log --help`, `--help`.
 */
export function helpEnd(line: readonly string[], style: HelpStyle): string {
  const row = commandOf(line.filter((word) => word !== "help" && !word.startsWith("-")));
  if (row !== undefined) return examplesText(row.examples, style);
  return [
    examplesText(rootExamples, style),
    `${title("Defaults:", style.colors)}\n${
      rootDefaults.map(([name, shown]) => hanging(`  ${name.padEnd(13)} `, shown, style.width)).join("")
    }`,
    hanging("", oldInterface, style.width),
  ].join("\n");
}

function examplesText(examples: readonly Example[], { colors, width }: HelpStyle): string {
  const lines = examples.map(({ line, says }) => `  ${line}\n${hanging("      ", says, width)}`);
  return `${title(examples.length > 1 ? "Examples:" : "Example:", colors)}\n${lines.join("")}`;
}
