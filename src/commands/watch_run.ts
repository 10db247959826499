/**
 * What accompanies a replication for those who watch it: earlier runs that were killed are told, the dead-man's switch
 * is called, a lag that is over is told, and the record keeps house.
 *
 * @module
 */

import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import type { RunRecord } from "../core/record.ts";
import { jobStatus } from "../core/status/job_status.ts";
import { alertKey } from "../core/tell_check.ts";
import { log } from "../notify/log.ts";
import { ping, type PingKind } from "../notify/ping.ts";
import { bytesText } from "../render/bytes.ts";
import { durationText } from "../render/duration.ts";
import type { Context } from "./context.ts";
import { readJobFacts } from "./job_facts.ts";
import { tellKilled } from "./killed_runs.ts";
import { mailLags } from "./lag_mails.ts";
import type { Session } from "./session.ts";

/** The watch of a run. */
export interface Watch {
  /** The run has its lock. Not earlier: who finds it taken would call the switch for a run that hangs. */
  locked(): void;
  /** Ends the watch, after the run was recorded and mailed. */
  end(run: RunRecord): Promise<void>;
}

/** Begins the watch of a run. */
export function watchRun(
  settings: ReplicateSettings,
  common: CommonSettings,
  session: Session,
  context: Context,
): Watch {
  // Not waited for: the run need not begin later for a mail server or a switch. The calls stay in order all the same.
  const told = tellKilled(settings, common, session, context);
  // Should it fail, that shows where it is waited for.
  told.catch(() => {});
  let started: Promise<void> | undefined;
  return {
    locked() {
      started ??= call(settings.ping, "start");
    },
    async end(run) {
      if (run.result === "ok") await tellLagIsOver(settings, common, session, context);
      session.history.prune();
      await told;
      await started;
      // One that found the lock taken neither succeeded nor failed: the run that holds it will say.
      if (run.result !== "locked") await call(settings.ping, run.result === "ok" ? "success" : "fail");
    },
  };
}

async function call(address: string | undefined, kind: PingKind): Promise<void> {
  if (address === undefined) return;
  const why = await ping(address, kind);
  if (why !== undefined) log.warning`the ping that says ${kind} did not go out: ${why}`;
}

/** A lag is told by `bzman status`; its end need not wait for the next one. */
async function tellLagIsOver(
  { job, objectiveMs }: ReplicateSettings,
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<void> {
  const { history } = session;
  if (!history.alert(alertKey({ kind: "lag", subject: job }))?.state.open) return;
  const known = history.jobs().find((entry) => entry.job === job);
  if (known === undefined) return;
  const now = context.clock();
  const show = { bytes: bytesText, duration: durationText };
  const status = jobStatus(readJobFacts(history, known, now), { now, objectiveMs, show });
  if (!status.findings.some(({ check }) => check === "lag")) {
    await mailLags([status], objectiveMs, common, session, context);
  }
}
