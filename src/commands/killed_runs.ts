/**
 * Mails about runs that were killed: they could not do it themselves.
 *
 * @module
 */

import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import type { Context } from "./context.ts";
import { keepRunMail, postMails } from "./run_mails.ts";
import type { Session } from "./session.ts";

const advice = "nothing: the run that tells of it goes on where it stopped. Where that happens again, " +
  "see whether the kernel ended it for want of memory: dmesg -T | grep -i 'killed process'";

/**
 * Mails about killed replications that nobody was told of, of every job: a job that does not run again has nobody else.
 * The alerts are decided before this returns its promise; only the mails take their time.
 */
export async function tellKilled(
  { job, objectiveMs }: Pick<ReplicateSettings, "job" | "objectiveMs">,
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<void> {
  const { history } = session;
  const killed = history.untoldKilled();
  if (killed.length === 0) return;
  const direct = killed.flatMap((run) => {
    // What another job strives for is not known here.
    const objective = run.job === job ? objectiveMs : undefined;
    const lost = keepRunMail({ ...run, advice }, undefined, common, session, context, objective);
    // Afterwards, so that a second kill in between makes two mails and not none.
    history.killedWasTold(run.uuid);
    return lost;
  });
  await postMails(direct, common, session, context);
}
