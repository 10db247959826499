/**
 * The options that several commands share, each described once.
 *
 * @module
 */

import { object } from "@optique/core/constructs";
import { type Message, message, text } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { argument, flag, option } from "@optique/core/primitives";
import type { OptionName } from "@optique/core/usage";
import type { ValueParser } from "@optique/core/valueparser";
import { type Default, defaults } from "../../config/defaults.ts";
import type { Variable } from "../../config/environment.ts";
import { parseKeep } from "../../config/values/keep.ts";
import { parseMailAddress } from "../../mail_address.ts";
import { parsePattern } from "../../config/values/pattern.ts";
import { parsePrefix } from "../../config/values/prefix.ts";
import { checkSmtpUrl } from "../../smtp_url.ts";
import { parseSource, parseTarget } from "../../zfs/names/endpoint.ts";
import { path, value } from "./value.ts";

/** An option with a value that other layers may give too: absent means silent, and help shows the default. */
export function setting<T>(
  name: OptionName,
  reader: ValueParser<"sync", T>,
  fallback: Default<unknown>,
  description: Message,
  variable?: Variable,
): Parser<"sync", T | undefined, unknown> {
  return withDefault(option(name, reader, { description }), undefined, { message: shownDefault(fallback, variable) });
}

/** The default as help shows it, with the variable that may give another. */
function shownDefault(fallback: Default<unknown>, variable: Variable | undefined): Message {
  return message`${text(variable === undefined ? fallback.shown : `${fallback.shown}; environment: ${variable}`)}`;
}

/** An option without a value: absent means silent. */
export function toggle(name: OptionName, description: Message): Parser<"sync", true | undefined, unknown> {
  return optional(flag(name, { description }));
}

/** An option that may be given several times: absent means silent. */
export function list<T>(
  name: OptionName,
  reader: ValueParser<"sync", T>,
  fallback: Default<unknown>,
  description: Message,
  variable?: Variable,
): Parser<"sync", readonly T[] | undefined, unknown> {
  return withDefault(multiple(option(name, reader, { description }), { min: 1 }), undefined, {
    message: shownDefault(fallback, variable),
  });
}

export const source = argument(value("SOURCE", parseSource, "tank"), {
  errors: { endOfInput: message`SOURCE is missing` },
  description:
    message`The dataset to copy, with everything below it: POOL[/DATASET] on this machine, or [USER@]HOST:POOL[/DATASET].`,
});

export const target = argument(value("TARGET", parseTarget, "target"), {
  errors: { endOfInput: message`TARGET is missing` },
  description:
    message`Where the copy goes: [USER@]HOST (the same dataset name there), [USER@]HOST:POOL[/DATASET], or :POOL[/DATASET] on this machine.`,
});

/** `--prefix`. */
export const prefix = setting(
  "--prefix",
  value("NAME", parsePrefix, "incremental"),
  defaults.prefix,
  message`The prefix of bzman's snapshot names.`,
  "BZMAN_PREFIX",
);

/** `--keep`. */
export const keep = setting(
  "--keep",
  value("KEEP", parseKeep, "7d"),
  defaults.keep,
  message`How long bzman's snapshots are kept on both sides: an age (7d), a number (504) or none. What the next run needs is always kept.`,
  "BZMAN_KEEP",
);

/** `--exclude`. */
export const exclude = list(
  "--exclude",
  value("PATTERN", parsePattern, "scratch"),
  defaults.exclude,
  message`Exclude datasets below SOURCE, and everything below them: scratch, vm/*. May be repeated.`,
);

/** `--adopt`. */
export const adopt = toggle(
  "--adopt",
  message`Treat snapshots of the original bzman (their names have no final Z) as bzman's own.`,
);

/** `--dry-run`. */
export const dryRun = toggle("--dry-run", message`Show what would be done, with sizes. Changes nothing.`);

const json = toggle("--json", message`Print one JSON document, and nothing else, on standard output.`);
const debug = toggle("--debug", message`Print debug messages and stack traces to standard error.`);
const db = setting(
  "--db",
  path("PATH", "bzman.db"),
  defaults.db,
  message`The record (a database): a file, or a folder that will hold bzman.db.`,
  "BZMAN_DB",
);

/** Options of output, for every command. */
export const outputOptions = object("Output", { json, debug });

/** Options of commands that read or write the record. */
export const recordOptions = object("Record and output", {
  db,
  json,
  quiet: toggle("--quiet", message`For cron: print only what could not be mailed.`),
  debug,
});

/** Options of commands that mail. */
export const mailOptions = object("Mail", {
  mailTo: list(
    "--mail-to",
    value("ADDR", parseMailAddress, "root"),
    defaults.mailTo,
    message`Who gets alert mails. May be repeated.`,
    "BZMAN_MAIL_TO",
  ),
  mailFrom: setting(
    "--mail-from",
    value("ADDR", parseMailAddress, "root"),
    defaults.mailFrom,
    message`The sender address.`,
    "BZMAN_MAIL_FROM",
  ),
  smtp: setting(
    "--smtp",
    value("URL", checkSmtpUrl, "smtp://localhost:25"),
    defaults.smtp,
    message`The mail server: smtp://HOST:PORT, or smtps://USER:PASSWORD@HOST. TLS is required unless HOST is localhost or the URL ends in ?starttls=offered or ?starttls=never. A password is safer in the environment.`,
    "BZMAN_SMTP",
  ),
});
