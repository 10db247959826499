/**
 * The manual page, made from the same parsers that read the command line.
 *
 * @module
 */

import { formatMessage, type Message } from "@optique/core/message";
import { getDocPage } from "@optique/core/parser";
import { type DocEntry, isDocEntryHidden } from "@optique/core/doc";
import { formatUsage } from "@optique/core/usage";
import { variableNames } from "../../config/environment.ts";
import { commands } from "../commands.ts";
import type { Example } from "../definition.ts";
import { brief } from "./root_help.ts";
import { rootParser } from "../root_parser.ts";
import { bold, italic, macro, roffText } from "./roff.ts";

const synopsis = [
  "bzman COMMAND [ARGUMENTS]",
  "bzman help [COMMAND]",
  "bzman completions bash|zsh|fish",
];

const exitStatuses: readonly (readonly [string, string])[] = [
  ["0", "done, also when there was nothing to do"],
  ["1", "failed, in part or whole"],
  ["2", "usage or configuration error"],
  ["3", "refused, nothing changed"],
  ["4", "another run holds the lock"],
  ["129, 130, 143", "interrupted by HUP, INT, TERM"],
];

const checkStatuses: readonly (readonly [string, string])[] = [
  ["0", "OK"],
  ["1", "WARNING"],
  ["2", "CRITICAL"],
  ["3", "UNKNOWN, also usage errors"],
];

const oldOptions: readonly (readonly [string, string])[] = [
  ["-s POOL HOST", "replicate a pool"],
  ["-d POOL/DATASET HOST", "replicate a dataset and what lies below it"],
  ["-m", "check the health of pools"],
  ["-c", "check the space of pools"],
  ["-p", "print the log"],
  ["-r TO", "mail the report"],
  ["-b PATH, --db=PATH", "the record: a file, or a folder that gets bzman.db"],
  ["--snapkeep=N", "keep so many snapshots"],
  ["-h", "help"],
];

const files: readonly (readonly [string, string])[] = [
  ["/var/lib/bzman/bzman.db", "the record of root's runs"],
];

/**
 * The manual page of bzman in roff, for `man -l -`.
 *
 * @param version The version to name.
 */
export function manualPage(version: string): string {
  return [
    `.TH BZMAN 8 "" "bzman ${version}" "System Administration"`,
    ".nh",
    macro("SH", "NAME"),
    `bzman \\- ${roffText("ZFS pool replication")}`,
    macro("SH", "SYNOPSIS"),
    synopsis.map(bold).join("\n.br\n"),
    macro("SH", "DESCRIPTION"),
    paragraph(brief),
    macro("SH", "COMMANDS"),
    ...commands.flatMap(({ name, examples }) => command(name, examples)),
    macro("SH", "THE ORIGINAL INTERFACE"),
    roffText(
      "The original one-letter options work as they did, alone and combined, so that an old crontab needs no edit.",
    ),
    ...definitions(oldOptions),
    macro("SH", "EXIT STATUS"),
    ...definitions(exitStatuses),
    ".PP",
    `Of ${bold("status")}, ${bold("health")}, ${bold("capacity")} and ${bold("verify")}, as of monitoring plugins:`,
    ...definitions(checkStatuses),
    macro("SH", "ENVIRONMENT"),
    ...variableNames.flatMap((name) => [".TP", bold(name), roffText(`see ${optionOf(name)}`)]),
    macro("SH", "FILES"),
    ...definitions(files),
    macro("SH", "SEE ALSO"),
    `${bold("zfs")}(8), ${bold("zpool")}(8), ${bold("ssh")}(1), ${bold("cron")}(8)`,
    "",
  ].join("\n");
}

function command(name: string, examples: readonly Example[]): string[] {
  const page = getDocPage(rootParser(), name.split(" "));
  if (page === undefined) return [];
  const lines = [macro("SS", `bzman ${name}`)];
  if (page.usage !== undefined) lines.push(bold(formatUsage("bzman", page.usage)));
  if (page.brief !== undefined) lines.push(".PP", paragraph(page.brief));
  if (page.description !== undefined) lines.push(".PP", paragraph(page.description));
  for (const section of page.sections) {
    lines.push(...section.entries.filter((entry) => !isDocEntryHidden(entry)).flatMap(entryLines));
  }
  lines.push(".PP", examples.length > 1 ? "Examples:" : "Example:");
  for (const { line, says } of examples) lines.push(".TP", bold(line), roffText(says));
  return lines;
}

function entryLines(entry: DocEntry): string[] {
  const description = entry.description === undefined ? "" : plain(entry.description);
  const words = entry.choices === undefined ? "" : ` One of ${plain(entry.choices)}.`;
  const fallback = entry.default === undefined ? "" : ` Default: ${plain(entry.default)}.`;
  return [".TP", term(entry), roffText(`${description}${words}${fallback}`)];
}

function term({ term }: DocEntry): string {
  switch (term.type) {
    case "option":
      return term.names.map(bold).join(", ") + (term.metavar === undefined ? "" : ` ${italic(term.metavar)}`);
    case "argument":
      return italic(term.metavar);
    case "command":
      return bold(term.name);
    default:
      return "";
  }
}

/** The option that a variable stands in for: `BZMAN_MAIL_TO` for `--mail-to`. */
function optionOf(variable: string): string {
  return `--${variable.replace(/^BZMAN_/, "").toLowerCase().replaceAll("_", "-")}`;
}

function definitions(pairs: readonly (readonly [string, string])[]): string[] {
  return pairs.flatMap(([name, says]) => [".TP", bold(name), roffText(says)]);
}

function paragraph(message: Message): string {
  return roffText(plain(message));
}

function plain(message: Message): string {
  return formatMessage(message, { quotes: false }).replaceAll(/\s*\n\s*/g, " ");
}
