/**
 * Mails what checks found, and what earlier runs could not send.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import { troublesOf } from "../core/check.ts";
import type { Mail } from "../core/mail.ts";
import { type Checked, type CheckNews, tellCheck } from "../core/tell_check.ts";
import { mailDomain } from "../mail_address.ts";
import { unmailedLog } from "../notify/log.ts";
import { mailAddresses } from "../notify/mail_way.ts";
import { checkMail } from "../render/check_mail.ts";
import type { Context } from "./context.ts";
import { postMails } from "./run_mails.ts";
import type { Session } from "./session.ts";
import { unmailedText } from "./unmailed_text.ts";

/** Mails about subjects whose state has changed, and reminds of those that have not for long. */
export async function mailChecks(
  all: readonly Checked[],
  common: CommonSettings,
  session: Pick<Session, "history" | "program" | "isRoot">,
  context: Context,
): Promise<void> {
  const direct: Mail[] = [];
  const ports = {
    changeAlert: session.history.changeAlert.bind(session.history),
    compose: (news: CheckNews) => composeCheckMail(news, common, context),
    now: context.clock(),
  };
  for (const checked of all) {
    const { mail, kept } = tellCheck(checked, ports);
    if (mail === undefined || kept) continue;
    if (mayGoDirectly(mail, checked.subject, session.isRoot, common, context)) direct.push(mail);
  }
  await postMails(direct, common, session, context);
}

/**
 * Whether a mail that the record could not keep goes out all the same. Somebody without the right to write the record (a
 * monitoring system's user) looks often, and must not mail each time: what there is to know is printed then. Root's mail
 * must go out even when the record is broken.
 */
export function mayGoDirectly(
  mail: Mail,
  subject: string,
  isRoot: boolean,
  common: CommonSettings,
  context: Context,
): boolean {
  if (!isRoot) {
    unmailedLog
      .error`no mail about ${subject}: the record cannot be written, so it cannot be known what was mailed${
      unmailedText(mail, common, context)
    }`;
  }
  return isRoot;
}

/** Writes the mail about a check. */
export function composeCheckMail(news: CheckNews, common: CommonSettings, context: Context): Mail {
  const { from, to } = mailAddresses(common.mail, context.hostname);
  const text = checkMail(news, troublesOf(news.findings), context.hostname);
  const messageId = `<${crypto.randomUUID()}.${news.kind}.${news.reason}@${mailDomain(context.hostname)}>`;
  return { messageId, at: context.clock(), from, to, ...text };
}
