/**
 * The mails that tell of a check: of new trouble, of trouble that lasts, of its end.
 *
 * @module
 */

import type { CheckFinding } from "../core/check.ts";
import type { Verdict } from "../core/mail.ts";
import type { CheckKind, CheckNews } from "../core/tell_check.ts";
import { troubleLines } from "./check_text.ts";
import { durationText } from "./duration.ts";
import type { MailText } from "./error_mail.ts";
import { mailSubject } from "./mail_subject.ts";
import { terminalText } from "./terminal_text.ts";
import { timeText } from "./timestamp.ts";

const kinds: Readonly<Record<CheckKind, { readonly about: string; readonly command: string }>> = {
  health: { about: "health of", command: "bzman health" },
  capacity: { about: "capacity of", command: "bzman capacity" },
  lag: { about: "lag of", command: "bzman status" },
  verify: { about: "copy of", command: "bzman verify SOURCE TARGET" },
  record: { about: "record", command: "bzman preflight SOURCE TARGET" },
};

/**
 * The mail about a check.
 *
 * @param troubles The findings that are no `ok`, the worst first.
 * @param host This machine's name.
 */
export function checkMail(news: CheckNews, troubles: readonly CheckFinding[], host: string): MailText {
  const { kind, subject, state, reason } = news;
  const { about, command } = kinds[kind];
  const name = `${about} ${terminalText(subject)}`;
  if (reason === "recovered") {
    const lasted = durationText(state.lastSeenAt - state.since);
    const text = `The ${name} is well again, after ${lasted} of trouble (${terminalText(state.errorClass)}).`;
    return {
      subject: mailSubject("OK", host, `${about} ${subject} is well again`),
      text: `${text}\n\nMore: ${command}\n`,
    };
  }
  const verdict: Verdict = state.severity === "critical" ? "CRITICAL" : "WARNING";
  const [worst] = troubles;
  return {
    subject: mailSubject(verdict, host, `${subject}: ${worst?.text ?? "trouble"}`),
    text: `${headline(news, name)}\n\n${troubleLines(troubles).join("\n")}\n\nMore: ${command}\n`,
  };
}

/** @param name What it is about, such as `health of tank`. */
function headline({ reason, state }: CheckNews, name: string): string {
  const since = `since ${timeText(state.since)}`;
  switch (reason) {
    case "new":
      return `There is trouble with the ${name}.`;
    case "changed":
      return `There is other trouble with the ${name} than before; it has not been well ${since}.`;
    case "worse":
      return `The ${name} has become critical; it has not been well ${since}.`;
    case "reminder":
      return `The ${name} is still not well, ${since}. This is a reminder.`;
    case "flapping":
      return `The ${name} is well and not well in turn. Until it has been well for an hour, only what gets worse is mailed, and a reminder every six hours.`;
    case "recovered":
      return `The ${name} is well again.`;
  }
}
