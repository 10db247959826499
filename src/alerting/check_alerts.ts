/**
 * Mails what checks found, and what earlier runs could not send.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import { problemsOf } from "../core/check.ts";
import type { Mail } from "../core/mail.ts";
import { alertOnCheck, type CheckAlert, type CheckedSubject } from "../core/alerts/check_alert.ts";
import { mailDomain } from "../mail_address.ts";
import { unmailedLog } from "../notify/log.ts";
import { mailAddresses } from "../notify/mail/mail_transport.ts";
import { checkMail } from "../render/mail/check_mail.ts";
import type { Context } from "../session/context.ts";
import { deliverMails } from "./run_alerts.ts";
import type { Session } from "../session/session.ts";
import { unsentMailText } from "./unsent_mail_text.ts";

/** Mails about subjects whose state has changed, and reminds of those that have not for long. */
export async function alertOnChecks(
  all: readonly CheckedSubject[],
  common: CommonSettings,
  session: Pick<Session, "history" | "program" | "isRoot">,
  context: Context,
): Promise<void> {
  const direct: Mail[] = [];
  const ports = {
    changeAlert: session.history.changeAlert.bind(session.history),
    compose: (news: CheckAlert) => composeCheckMail(news, common, context),
    now: context.clock(),
  };
  for (const checked of all) {
    const { mail, kept } = alertOnCheck(checked, ports);
    if (mail === undefined || kept) continue;
    if (maySendDirectly(mail, checked.subject, session.isRoot, common, context)) direct.push(mail);
  }
  await deliverMails(direct, common, session, context);
}

/**
 * Whether a mail that the record could not keep goes out all the same. Somebody without the right to write the record (a
 * monitoring system's user) looks often, and must not mail each time: what there is to know is printed then. Root's mail
 * must go out even when the record is broken.
 */
export function maySendDirectly(
  mail: Mail,
  subject: string,
  isRoot: boolean,
  common: CommonSettings,
  context: Context,
): boolean {
  if (!isRoot) {
    unmailedLog
      .error`no mail about ${subject}: the record cannot be written, so it cannot be known what was mailed${
      unsentMailText(mail, common, context)
    }`;
  }
  return isRoot;
}

/** Writes the mail about a check. */
export function composeCheckMail(news: CheckAlert, common: CommonSettings, context: Context): Mail {
  const { from, to } = mailAddresses(common.mail, context.hostname);
  const text = checkMail(news, problemsOf(news.findings), context.hostname);
  const messageId = `<${crypto.randomUUID()}.${news.kind}.${news.reason}@${mailDomain(context.hostname)}>`;
  return { messageId, at: context.clock(), from, to, ...text };
}
