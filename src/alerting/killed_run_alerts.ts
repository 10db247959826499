/**
 * Mails about runs that were killed: they could not do it themselves.
 *
 * @module
 */

import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import { unknownObjective } from "../core/alerts/alert_state.ts";
import type { Context } from "../session/context.ts";
import { deliverMails, recordRunAlert } from "./run_alerts.ts";
import type { Session } from "../session/session.ts";

const seeWhy = "see whether the kernel killed it because memory ran out: dmesg -T | grep -i 'killed process'";
const ownAdvice = `nothing: the run that tells of it resumes where it stopped. Where that happens again, ${seeWhy}`;
const othersAdvice = `it has not begun again since: see whether cron still starts it, and ${seeWhy}`;

/** Those of another job are its own to tell, to whom it mails; after this time it may well not run again. */
const othersMs = 3_600_000;

/**
 * Mails about killed replications that nobody was told of: those of this job at once, those of another when an hour has
 * passed. The alerts are decided before this returns its promise; only the mails take their time. Where the record takes
 * no alerts nothing is told here, else every run would tell it again; that trouble is mailed by itself.
 */
export async function alertOnKilledRuns(
  { job, objectiveMs }: Pick<ReplicateSettings, "job" | "objectiveMs">,
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<void> {
  const { history } = session;
  const now = context.clock();
  // One of the future is of a clock that was set back since: better told too soon than never.
  const due = history.unnotifiedKilledRuns().filter(({ run, foundAt }) =>
    run.job === job || now - foundAt >= othersMs || now < foundAt
  );
  if (due.length === 0) return;
  for (const { run } of due) {
    const [advice, objective] = run.job === job ? [ownAdvice, objectiveMs] : [othersAdvice, unknownObjective];
    const { recorded } = recordRunAlert({ ...run, advice }, undefined, common, session, context, objective);
    // Afterwards, so that a second kill in between makes two mails and not none.
    if (recorded) history.markNotified(run.uuid);
  }
  await deliverMails([], common, session, context);
}
