/**
 * `bzman report`: the report on all jobs and pools, mailed, written as a page, or as JSON.
 *
 * @module
 */

import { deliverMails } from "../alerting/run_alerts.ts";
import type { CommonSettings, ReportSettings } from "../config/settings.ts";
import { exitStatus } from "../core/fault.ts";
import type { Mail } from "../core/mail.ts";
import { buildReport } from "../core/report/build_report.ts";
import type { Report } from "../core/report/report.ts";
import { jobStatus } from "../core/status/job_status.ts";
import { replaceFile } from "../hosts/replace_file.ts";
import { mailDomain } from "../mail_address.ts";
import { log } from "../notify/log.ts";
import { mailAddresses } from "../notify/mail/mail_transport.ts";
import { readJobFacts } from "../recording/read_job_facts.ts";
import { readReportInput } from "../recording/report_input.ts";
import { reportMail } from "../render/report/mail/mail.ts";
import { reportPage } from "../render/report/page.ts";
import { reportJson } from "../render/report/report_json.ts";
import { bytesText } from "../render/text/bytes.ts";
import { durationText } from "../render/text/duration.ts";
import { jsonLine } from "../render/text/json_line.ts";
import type { Context } from "../session/context.ts";
import { findUnreplicated } from "../session/find_unreplicated.ts";
import { openSession } from "../session/open_session.ts";
import { requireReadable, type Session, warnOfDatabaseErrors } from "../session/session.ts";
import { version } from "../version.ts";

/** Reports. Fails when the page cannot be written, or the mail does not go out now. */
export async function report(settings: ReportSettings, common: CommonSettings, context: Context): Promise<number> {
  const { to, output, sinceMs, objectiveMs } = settings;
  const record = to.length > 0 ? "write" : "read";
  await using session = await openSession(common, context, { record, syslog: to.length > 0 });
  session.history.repairKilled();
  const input = readReportInput(session.history, {
    now: context.clock(),
    sinceMs,
    host: context.hostname,
    objectiveMs,
  });
  // One that was just set aside as damaged is told by a mail of its own.
  if (record === "read" || !session.history.usable) requireReadable(session.history);
  warnOfDatabaseErrors(session.history);
  const statuses = session.history.jobs().map((known) =>
    jobStatus(readJobFacts(session.history, known, input.now), {
      now: input.now,
      objectiveMs,
      format: { bytes: bytesText, duration: durationText },
    })
  );
  const report = buildReport({ ...input, unreplicated: await findUnreplicated(statuses, session, context) });
  if (common.json) context.stdout.write(jsonLine(reportJson(report)));
  if (output !== undefined) {
    await replaceFile(output, await reportPage(report, version));
    log.info`written to ${output}`;
  }
  if (to.length === 0) return exitStatus.done;
  return await mail(report, to, common, session, context) ? exitStatus.done : exitStatus.failed;
}

/** Mails it; false when it waits in the outbox, or is lost. */
async function mail(
  report: Report,
  to: readonly string[],
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<boolean> {
  const addresses = mailAddresses({ ...common.mail, to }, context.hostname);
  const message: Mail = {
    messageId: `<${crypto.randomUUID()}.report@${mailDomain(context.hostname)}>`,
    at: report.now,
    ...addresses,
    ...await reportMail(report),
  };
  const kept = session.history.keepMail(message, context.clock());
  const { sent } = await deliverMails(kept ? [] : [message], common, session, context);
  return sent.some(({ messageId }) => messageId === message.messageId);
}
