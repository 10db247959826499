/**
 * Mails about the record itself, when it is locked, full, read-only or damaged.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import type { AlertState } from "../core/alerts/alert_state.ts";
import { recordFindings } from "../core/alerts/record_findings.ts";
import { alertKey, alertOnCheck, type CheckedSubject } from "../core/alerts/check_alert.ts";
import { alertStateFile, laterState } from "./alert_state_file.ts";
import { log } from "../notify/log.ts";
import { composeCheckMail, maySendDirectly } from "./check_alerts.ts";
import type { Context } from "../session/context.ts";
import { deliverMails } from "./run_alerts.ts";
import type { Session } from "../session/session.ts";

/** What this needs of a session. */
export type RecordSession = Pick<Session, "history" | "program" | "isRoot" | "lockFolders">;

/**
 * Tells what was wrong with the record while a command worked with it, or that it is well again. The alert is kept in the
 * record like any other, or beside it while that cannot be.
 */
export async function alertOnRecord(common: CommonSettings, session: RecordSession, context: Context): Promise<void> {
  const { history, isRoot, lockFolders } = session;
  for (const job of history.saveUnrecorded()) log.info`the run of ${job} is recorded after all`;
  const { path, errors, unrecordedJobs } = history;
  // Whether it is free again matters only where nothing is lost, and asking may wait.
  const isFree = unrecordedJobs.length === 0 && errors.some(({ kind }) => kind === "locked") && history.isFree();
  const checked: CheckedSubject = {
    kind: "record",
    subject: path,
    findings: recordFindings({ path, problems: errors, lost: unrecordedJobs, isFree }),
  };
  const key = alertKey(checked);
  const stateFile = await alertStateFile(lockFolders.fallback, key);
  const stored = await stateFile.read();
  const known = laterState(history.alert(key)?.state, stored);
  const isWell = checked.findings.length === 0;
  if (isWell && !known?.open) return;
  let state: AlertState | undefined;
  let recorded = false;
  const { mail, kept } = alertOnCheck(checked, {
    changeAlert: (key, decide) => {
      const outcome = history.changeAlert(key, (previous) => {
        const change = decide(laterState(previous, known));
        state = change.state;
        return change;
      });
      recorded = outcome.recorded;
      return outcome;
    },
    compose: (news) => composeCheckMail(news, common, context),
    now: context.clock(),
  });
  if (recorded) {
    if (stored !== undefined) await stateFile.remove();
    if (mail !== undefined) await deliverMails(kept ? [] : [mail], common, session, context);
    return;
  }
  // What does not take this is not well either: the next run will find out why.
  if (isWell || state === undefined) return;
  if (mail === undefined) return await stateFile.keep(state);
  if (!await stateFile.canKeep(state) && !maySendDirectly(mail, path, isRoot, common, context)) return;
  const { sent } = await deliverMails([mail], common, session, context);
  // Only what went out is told: the rest was printed, and a run that dies before this has told nothing.
  if (sent.includes(mail)) await stateFile.keep(state);
}
