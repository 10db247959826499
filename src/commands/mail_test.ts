/**
 * `bzman mail test`: sends a mail by the configured way and says where it went.
 *
 * @module
 */

import { mailTransport } from "../alerting/run_alerts.ts";
import type { CommonSettings, NoSettings } from "../config/settings.ts";
import { exitStatus, Fault } from "../core/fault.ts";
import { mailDomain } from "../mail_address.ts";
import { mailAddresses } from "../notify/mail/mail_transport.ts";
import { sendMail } from "../notify/mail/send_mail.ts";
import { mailSubject } from "../render/mail/mail_subject.ts";
import { jsonLine } from "../render/text/json_line.ts";
import type { Context } from "../session/context.ts";
import { openSession } from "../session/open_session.ts";

/** Sends the test mail. */
export async function mailTest(_settings: NoSettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "none", syslog: true });
  const transport = mailTransport(common, session, context);
  const { from, to } = mailAddresses(common.mail, context.hostname);
  const delivery = await sendMail(transport, {
    messageId: `<${crypto.randomUUID()}@${mailDomain(context.hostname)}>`,
    at: context.clock(),
    from,
    to,
    subject: mailSubject("OK", context.hostname, "bzman test mail"),
    text: `This is a test. bzman on ${context.hostname} sends its mail through ${transport.name}.\n`,
  }, to);
  if (delivery.kind !== "sent") {
    throw new Fault({
      errorClass: "mail-unsent",
      what: `cannot mail to ${to.join(", ")}`,
      where: transport.name,
      why: delivery.error,
      next: "name a mail server with --smtp smtp://HOST, or fix the mail server of this machine",
      exit: exitStatus.failed,
    });
  }
  const { protection } = delivery;
  const report = { sent: true, from, to, way: transport.name, ...(protection === undefined ? {} : { protection }) };
  context.stdout.write(
    common.json
      ? jsonLine(report)
      : `sent from ${from} to ${to.join(", ")} through ${transport.name}${
        protection === undefined ? "" : `, ${protection}`
      }\n`,
  );
  return exitStatus.done;
}
