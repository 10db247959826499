/**
 * Whether and what to mail about a check.
 *
 * @module
 */

import { type AlertMail, type AlertState, nextAlert, type Observation } from "./alert_state.ts";
import { type CheckFinding, problemsOf } from "../check.ts";
import type { Mail } from "../mail.ts";

export type CheckKind = "health" | "capacity" | "lag" | "verify" | "record";

/** What a check found about one subject. */
export interface CheckedSubject {
  readonly kind: CheckKind;
  /** A pool, a job, or the file of the record. */
  readonly subject: string;
  /** Its findings, also those that are `ok`. */
  readonly findings: readonly CheckFinding[];
}

/** What a mail about a check is composed from. */
export interface CheckAlert extends CheckedSubject {
  readonly reason: AlertMail;
  /** The alert after this check; of the trouble that just ended, for `recovered`. */
  readonly state: AlertState;
}

/** What telling needs of the world. */
export interface CheckAlertPorts {
  /** Decides about an alert and keeps its mail with the decision. */
  changeAlert(
    key: string,
    decide: (previous: AlertState | undefined) => { state: AlertState | undefined; what: string; mail?: Mail },
  ): { readonly mail: Mail | undefined; readonly kept: boolean };
  compose(news: CheckAlert): Mail;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The name of the alert of a check. */
export function alertKey({ kind, subject }: Pick<CheckedSubject, "kind" | "subject">): string {
  return `${kind} ${subject}`;
}

/** What the findings say to the alert: the worst one counts. What cannot be told is a warning. */
export function observe(findings: readonly CheckFinding[]): Observation {
  const [worst] = problemsOf(findings);
  if (worst === undefined) return { severity: "ok" };
  return { severity: worst.verdict === "critical" ? "critical" : "warning", errorClass: worst.check };
}

/**
 * Tells of a check: new trouble mails at once, the same is folded, its end mails too.
 *
 * @returns The mail it asks for, and whether the outbox has it.
 */
export function alertOnCheck(
  checked: CheckedSubject,
  ports: CheckAlertPorts,
): { readonly mail: Mail | undefined; readonly kept: boolean } {
  const seen = observe(checked.findings);
  return ports.changeAlert(alertKey(checked), (previous) => {
    const { state, mail: reason } = nextAlert(previous, seen, ports.now);
    const what = whatOf(checked);
    if (reason === undefined || state === undefined) return { state, what };
    return { state, what, mail: ports.compose({ ...checked, reason, state }) };
  });
}

/** The worst finding, with the dataset it is about where that is not the subject itself. */
function whatOf({ subject, findings }: CheckedSubject): string {
  const [worst] = problemsOf(findings);
  if (worst === undefined) return "well";
  return worst.subject === subject ? worst.text : `${worst.subject}: ${worst.text}`;
}
