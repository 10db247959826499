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

const kinds: Readonly<Record<CheckKind, { readonly noun: string; readonly command: string }>> = {
  health: { noun: "health", command: "bzman health" },
  capacity: { noun: "capacity", command: "bzman capacity" },
  lag: { noun: "lag", command: "bzman status" },
  verify: { noun: "copy", command: "bzman verify SOURCE TARGET" },
};

/**
 * The mail about a check.
 *
 * @param troubles The findings that are no `ok`, the worst first.
 * @param host This machine's name.
 */
export function checkMail(news: CheckNews, troubles: readonly CheckFinding[], host: string): MailText {
  const { kind, subject, state, reason } = news;
  const { noun, command } = kinds[kind];
  const name = terminalText(subject);
  if (reason === "recovered") {
    const lasted = durationText(state.lastSeenAt - state.since);
    const text = `The ${noun} of ${name} is well again, after ${lasted} of trouble (${
      terminalText(state.errorClass)
    }).`;
    return {
      subject: mailSubject("OK", host, `${noun} of ${subject} is well again`),
      text: `${text}\n\nMore: ${command}\n`,
    };
  }
  const verdict: Verdict = state.severity === "critical" ? "CRITICAL" : "WARNING";
  const [worst] = troubles;
  return {
    subject: mailSubject(verdict, host, `${subject}: ${worst?.text ?? noun}`),
    text: `${headline(news, noun, name)}\n\n${troubleLines(troubles).join("\n")}\n\nMore: ${command}\n`,
  };
}

function headline({ reason, state }: CheckNews, noun: string, name: string): string {
  const since = `since ${timeText(state.since)}`;
  switch (reason) {
    case "new":
      return `There is trouble with the ${noun} of ${name}.`;
    case "changed":
      return `There is other trouble with the ${noun} of ${name} than before; it has not been well ${since}.`;
    case "worse":
      return `The ${noun} of ${name} has become critical; it has not been well ${since}.`;
    case "reminder":
      return `The ${noun} of ${name} is still not well, ${since}. This is a reminder.`;
    case "flapping":
      return `The ${noun} of ${name} is well and not well in turn. Until it has been well for an hour, only what gets worse is mailed, and a reminder every six hours.`;
    case "recovered":
      return `The ${noun} of ${name} is well again.`;
  }
}
