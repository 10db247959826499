/**
 * `bzman mail test`: sends a mail by the configured way and says where it went.
 *
 * @module
 */

import type { CommonSettings, NoSettings } from "../config/settings.ts";
import { exitStatus, Fault } from "../core/fault.ts";
import { mailDomain } from "../mail_address.ts";
import { mailAddresses } from "../notify/mail_way.ts";
import { sendMail } from "../notify/send_mail.ts";
import { mailSubject } from "../render/mail_subject.ts";
import type { Context } from "./context.ts";
import { mailWay } from "./run_mails.ts";
import { openSession } from "./session.ts";
import { jsonLine } from "../render/json_line.ts";

/** Sends the test mail. */
export async function mailTest(_settings: NoSettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "none", syslog: true });
  const way = mailWay(common, session, context);
  const { from, to } = mailAddresses(common.mail, context.hostname);
  const delivery = await sendMail(way, {
    messageId: `<${crypto.randomUUID()}@${mailDomain(context.hostname)}>`,
    at: context.clock(),
    from,
    to,
    subject: mailSubject("OK", context.hostname, "test mail of bzman"),
    text: `This is a test. Mails of bzman on ${context.hostname} reach you by way of ${way.name}.\n`,
  }, to);
  if (delivery.kind !== "sent") {
    throw new Fault({
      errorClass: "mail-unsent",
      what: `cannot mail to ${to.join(", ")}`,
      where: way.name,
      why: delivery.error,
      next: "name another way with --smtp smtp://HOST, or mend the mail server of this machine",
      exit: exitStatus.failed,
    });
  }
  const { protection } = delivery;
  const report = { sent: true, from, to, way: way.name, ...(protection === undefined ? {} : { protection }) };
  context.stdout.write(
    common.json
      ? jsonLine(report)
      : `sent from ${from} to ${to.join(", ")} through ${way.name}${
        protection === undefined ? "" : `, ${protection}`
      }\n`,
  );
  return exitStatus.done;
}
