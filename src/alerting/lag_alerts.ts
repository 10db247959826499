/**
 * Mails about copies that get too old.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import { runAlertCoversLag } from "../core/alerts/alert_state.ts";
import { alertKey, type CheckedSubject } from "../core/alerts/check_alert.ts";
import { runAlertKey } from "../core/alerts/job_alerts.ts";
import type { JobStatus } from "../core/status/job_facts.ts";
import type { Context } from "../session/context.ts";
import type { Session } from "../session/session.ts";
import { alertOnChecks } from "./check_alerts.ts";

/**
 * Mails about the lag of jobs. While runs fail, their own mails tell all there is to know: a lag alert is raised when no run fails
 * but the copy falls behind, because no run begins or none ends.
 *
 * @param objectiveMs The lag to stay below, in milliseconds.
 */
export async function alertOnLag(
  jobs: readonly JobStatus[],
  objectiveMs: number,
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<void> {
  const { history } = session;
  const now = context.clock();
  const checked = jobs.map(({ job, findings }): CheckedSubject => ({
    kind: "lag",
    subject: job,
    findings: findings.filter(({ check }) => check === "lag"),
  }));
  const news = checked.filter((one) =>
    history.alert(alertKey(one))?.state.open ||
    !runAlertCoversLag(history.alert(runAlertKey({ command: "replicate", job: one.subject }))?.state, now, objectiveMs)
  );
  await alertOnChecks(news, common, session, context);
}
