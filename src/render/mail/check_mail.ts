/**
 * The mails that tell of a check: of new trouble, of trouble that lasts, of its end.
 *
 * @module
 */

import type { CheckFinding } from "../../core/check.ts";
import type { SubjectVerdict } from "../../core/mail.ts";
import type { CheckAlert, CheckKind } from "../../core/alerts/check_alert.ts";
import { problemLines } from "../check/check_text.ts";
import { durationText } from "../text/duration.ts";
import type { MailText } from "./run_mail.ts";
import { mailSubject } from "./mail_subject.ts";
import { terminalText } from "../text/terminal_text.ts";
import { timeText } from "../text/timestamp.ts";

const kinds: Readonly<Record<CheckKind, { readonly about: string; readonly command: string }>> = {
  health: { about: "health", command: "bzman health" },
  capacity: { about: "capacity", command: "bzman capacity" },
  lag: { about: "lag", command: "bzman status" },
  verify: { about: "copy", command: "bzman verify SOURCE TARGET" },
  record: { about: "record", command: "bzman preflight SOURCE TARGET" },
};

/**
 * The mail about a check.
 *
 * @param problems The findings that are no `ok`, the worst first.
 * @param host This machine's name.
 */
export function checkMail(news: CheckAlert, problems: readonly CheckFinding[], host: string): MailText {
  const { kind, subject, state, reason } = news;
  const { about, command } = kinds[kind];
  const name = `${terminalText(subject)}: ${about}`;
  if (reason === "recovered") {
    const lasted = durationText(state.lastSeenAt - state.since);
    const text = `${name} is OK again, after ${lasted} (${terminalText(state.errorClass)}).`;
    return {
      subject: mailSubject("OK", host, `${subject}: ${about} is OK again`),
      text: `${text}\n\nMore: ${command}\n`,
    };
  }
  const verdict: SubjectVerdict = state.severity === "critical" ? "CRITICAL" : "WARNING";
  const [worst] = problems;
  return {
    subject: mailSubject(verdict, host, `${subject}: ${worst?.text ?? "problem"}`),
    text: `${headline(news, name)}\n\n${problemLines(problems).join("\n")}\n\nMore: ${command}\n`,
  };
}

/** @param name What it is about, such as `tank: health`. */
function headline({ reason, state }: CheckAlert, name: string): string {
  const since = `since ${timeText(state.since)}`;
  switch (reason) {
    case "new":
      return `${name} has a problem.`;
    case "changed":
      return `${name}: the problem has changed. The alert has been open ${since}.`;
    case "worse":
      return `${name} is now critical. The alert has been open ${since}.`;
    case "reminder":
      return `${name} still has a problem, ${since}. This is a reminder.`;
    case "flapping":
      return `${name} is flapping. Until it has been OK for an hour, mails are sent only when it gets worse, and as a reminder every six hours.`;
    case "recovered":
      return `${name} is OK again.`;
  }
}
