/**
 * Decides what a run has to tell by mail, keeps it in the outbox, and sends what waits there.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import {
  type AlertDecision,
  type AlertState,
  failureSeverity,
  nextAlert,
  type Observation,
  unknownObjective,
} from "../core/alerts/alert_state.ts";
import type { FaultParts } from "../core/fault.ts";
import { runAlertKey } from "../core/alerts/job_alerts.ts";
import type { Mail } from "../core/mail.ts";
import type { RunRecord } from "../core/record.ts";
import { mailDomain } from "../mail_address.ts";
import type { MailTransport } from "../notify/mail/delivery.ts";
import { log, unmailedLog } from "../notify/log.ts";
import { chooseMailTransport, mailAddresses } from "../notify/mail/mail_transport.ts";
import { deliver, type DeliveryReport } from "../notify/mail/deliver.ts";
import { unsentMailText } from "./unsent_mail_text.ts";
import { runMail } from "../render/mail/run_mail.ts";
import { alertStateFile, laterState } from "./alert_state_file.ts";
import type { Context } from "../session/context.ts";
import type { Session } from "../session/session.ts";

/** The configured way out for mail. */
export function mailTransport(
  common: CommonSettings,
  session: Pick<Session, "program">,
  context: Context,
): MailTransport {
  return chooseMailTransport({
    smtpUrl: common.mail.smtpUrl,
    sendmail: session.program("sendmail"),
    host: context.hostname,
  });
}

/**
 * Mails what a finished run asks for, if anything, and whatever earlier runs could not send. While the record takes
 * nothing, the state of the job's alert is kept beside it, so that a trouble that lasts is folded all the same.
 *
 * @param run The finished record. A run that found the lock taken tells nothing.
 * @param fault The failure in its parts, when there is one.
 * @param objectiveMs The lag to stay below, in milliseconds: how bad a failure is depends on it.
 */
export async function alertOnRun(
  run: RunRecord,
  fault: FaultParts | undefined,
  common: CommonSettings,
  session: Session,
  context: Context,
  objectiveMs?: number,
): Promise<void> {
  if (run.result === "locked") return void await deliverMails([], common, session, context);
  const { history } = session;
  const stateFile = await alertStateFile(session.lockFolders.fallback, `${runAlertKey(run)} in ${history.path}`);
  const stored = await stateFile.read();
  const { lost, state, recorded } = recordRunAlert(run, fault, common, session, context, objectiveMs, stored);
  const { sent } = await deliverMails(lost, common, session, context);
  if (recorded && stored !== undefined) await stateFile.remove();
  if (recorded || state === undefined) return;
  // Only what went out is told: the rest was printed. While nothing is wrong and nothing changes, no note is needed.
  const isNews = state.open || lost.length > 0 || stored !== undefined;
  if (isNews && lost.every((mail) => sent.includes(mail))) await stateFile.keep(state);
}

/**
 * Decides about the alert of a run's job, and keeps the mail it asks for in the outbox. Parameters as for
 * {@linkcode alertOnRun}.
 *
 * @param stored The state of the alert as it was kept while the record could not.
 * @returns `lost`: the mail that the record could not keep, which has to go directly. `recorded`: whether the alert is kept,
 *   and with it the mail that it asked for, if any. `state`: the alert's state, kept or not.
 */
export function recordRunAlert(
  run: RunRecord,
  fault: FaultParts | undefined,
  common: CommonSettings,
  { history }: Session,
  context: Context,
  objectiveMs?: number,
  stored?: AlertState,
): { readonly lost: readonly Mail[]; readonly recorded: boolean; readonly state: AlertState | undefined } {
  const now = context.clock();
  const lastSuccessAt = history.lastSuccess(run.job, run.command)?.endedAt;
  const key = runAlertKey(run);
  // What can be read when nothing can be written: else every run would tell the same trouble as new.
  const known = laterState(history.alert(key)?.state, stored);
  let state: AlertState | undefined;
  const { mail, kept, recorded } = history.changeAlert(key, (latest) => {
    const previous = laterState(latest, known);
    const decision = nextAlert(previous, observation(run, lastSuccessAt, now, objectiveMs, previous), now);
    const message = compose(decision, run, fault, lastSuccessAt, common, context);
    state = decision.state;
    return { state, what: run.message ?? run.result, ...(message ? { mail: message } : {}) };
  });
  return { lost: mail === undefined || kept ? [] : [mail], recorded, state };
}

/** Sends mails that the record could not keep, then whatever waits in the outbox, and says what became of them. */
export async function deliverMails(
  direct: readonly Mail[],
  common: CommonSettings,
  session: Pick<Session, "history" | "program">,
  context: Context,
): Promise<DeliveryReport> {
  const { history } = session;
  const report = await deliver(history, mailTransport(common, session, context), direct, context.clock);
  for (const mail of report.sent) log.info`mailed to ${mail.to.join(", ")}: ${mail.subject}`;
  for (const { mail, error, kept, attempts } of report.unsent) {
    const later = kept ? "it is kept, and a later run sends it" : "it could not be kept";
    unmailedLog.error`cannot mail to ${mail.to.join(", ")}: ${error}; ${later}${
      unsentMailText(mail, common, context, attempts)
    }`;
  }
  return report;
}

function observation(
  run: RunRecord,
  lastSuccessAt: number | undefined,
  now: number,
  objectiveMs: number | undefined,
  previous: AlertState | undefined,
): Observation {
  if (run.result === "ok") return { severity: "ok" };
  const errorClass = run.errorClass ?? run.result;
  // Somebody at the keyboard, or a shutdown, stopped it: told, but not as a disaster.
  if (run.result === "interrupted") return { severity: "warning", errorClass };
  // However often it fails, the copies get no older for it.
  if (run.command === "prune") return { severity: "warning", errorClass };
  const severity = failureSeverity(lastSuccessAt, now, objectiveMs);
  // Whoever knew its objective judged better.
  const stays = objectiveMs === unknownObjective && previous?.open && previous.severity === "critical";
  return { severity: stays ? "critical" : severity, errorClass };
}

function compose(
  { state, mail: reason }: AlertDecision,
  run: RunRecord,
  fault: FaultParts | undefined,
  lastSuccessAt: number | undefined,
  common: CommonSettings,
  context: Context,
): Mail | undefined {
  if (reason === undefined || state === undefined) return undefined;
  const { from, to } = mailAddresses(common.mail, context.hostname);
  const text = runMail({
    run,
    reason,
    state,
    host: context.hostname,
    ...(fault ? { fault } : {}),
    ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
  });
  return {
    messageId: `<${run.uuid}.${reason}@${mailDomain(context.hostname)}>`,
    at: context.clock(),
    from,
    to,
    ...text,
  };
}
