/**
 * Mails about the record itself, when it is locked, full, read-only or damaged.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import type { AlertState } from "../core/alerts.ts";
import { recordFindings } from "../core/record_findings.ts";
import { alertKey, type Checked, tellCheck } from "../core/tell_check.ts";
import { alertNote, laterState } from "./alert_note.ts";
import { log } from "../notify/log.ts";
import { composeCheckMail, mayGoDirectly } from "./check_mails.ts";
import type { Context } from "./context.ts";
import { postMails } from "./run_mails.ts";
import type { Session } from "./session.ts";

/** What this needs of a session. */
export type RecordSession = Pick<Session, "history" | "program" | "isRoot" | "lockPlaces">;

/**
 * Tells what was wrong with the record while a command worked with it, or that it is well again. The alert is kept in the
 * record like any other, or beside it while that cannot be.
 */
export async function mailRecord(common: CommonSettings, session: RecordSession, context: Context): Promise<void> {
  const { history, isRoot, lockPlaces } = session;
  for (const job of history.saveLost()) log.info`the run of ${job} is recorded after all`;
  const { path, troubles, lost } = history;
  // Whether it is free again matters only where nothing is lost, and asking may wait.
  const isFree = lost.length === 0 && troubles.some(({ kind }) => kind === "locked") && history.isFree();
  const checked: Checked = {
    kind: "record",
    subject: path,
    findings: recordFindings({ path, troubles, lost, isFree }),
  };
  const key = alertKey(checked);
  const note = await alertNote(lockPlaces.spare, key);
  const noted = await note.read();
  const known = laterState(history.alert(key)?.state, noted);
  const isWell = checked.findings.length === 0;
  if (isWell && !known?.open) return;
  let state: AlertState | undefined;
  let recorded = false;
  const { mail, kept } = tellCheck(checked, {
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
    if (noted !== undefined) await note.remove();
    if (mail !== undefined) await postMails(kept ? [] : [mail], common, session, context);
    return;
  }
  // What does not take this is not well either: the next run will find out why.
  if (isWell || state === undefined) return;
  if (mail === undefined) return await note.keep(state);
  if (!await note.canKeep(state) && !mayGoDirectly(mail, path, isRoot, common, context)) return;
  const { sent } = await postMails([mail], common, session, context);
  // Only what went out is told: the rest was printed, and a run that dies before this has told nothing.
  if (sent.includes(mail)) await note.keep(state);
}
