/**
 * Mails about copies that get too old.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import { speaksForLag } from "../core/alerts.ts";
import { runAlertKey } from "../core/job_alerts.ts";
import { alertKey, type Checked } from "../core/tell_check.ts";
import type { JobStatus } from "../core/status/job_status.ts";
import { mailChecks } from "./check_mails.ts";
import type { Context } from "./context.ts";
import type { Session } from "./session.ts";

/**
 * Mails about the lag of jobs. While runs fail, their own mails tell all there is to know: the lag speaks up where
 * nothing fails and the copy gets old all the same, since no run begins, or none ends.
 *
 * @param objectiveMs The lag to stay below, in milliseconds.
 */
export async function mailLags(
  jobs: readonly JobStatus[],
  objectiveMs: number,
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<void> {
  const { history } = session;
  const now = context.clock();
  const checked = jobs.map(({ job, findings }): Checked => ({
    kind: "lag",
    subject: job,
    findings: findings.filter(({ check }) => check === "lag"),
  }));
  const news = checked.filter((one) =>
    history.alert(alertKey(one))?.state.open ||
    !speaksForLag(history.alert(runAlertKey({ command: "replicate", job: one.subject }))?.state, now, objectiveMs)
  );
  await mailChecks(news, common, session, context);
}
