/**
 * What accompanies a replication for those who watch it: earlier runs that were killed are told, the dead-man's switch
 * is called, a lag that is over is told, and the record keeps house.
 *
 * @module
 */

import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import type { RunRecord } from "../core/record.ts";
import { jobStatus } from "../core/status/job_status.ts";
import { alertKey } from "../core/alerts/check_alert.ts";
import { log } from "../notify/log.ts";
import { ping, type PingKind } from "../notify/ping.ts";
import { bytesText } from "../render/text/bytes.ts";
import { durationText } from "../render/text/duration.ts";
import type { Context } from "../session/context.ts";
import { readJobFacts } from "../recording/read_job_facts.ts";
import { alertOnKilledRuns } from "./killed_run_alerts.ts";
import { alertOnLag } from "./lag_alerts.ts";
import type { Session } from "../session/session.ts";

/** The watch of a run. */
export interface RunHooks {
  /** The run has its lock. Not earlier: who finds it taken would call the switch for a run that hangs. */
  lockTaken(): void;
  /** Ends the watch, after the run was recorded and mailed. */
  end(run: RunRecord): Promise<void>;
}

/** Begins the watch of a run. */
export function startRunHooks(
  settings: ReplicateSettings,
  common: CommonSettings,
  session: Session,
  context: Context,
): RunHooks {
  // Not waited for: the run need not begin later for a mail server or a switch. The calls stay in order all the same.
  const killedRunsAlerted = alertOnKilledRuns(settings, common, session, context);
  // Should it fail, that shows where it is waited for.
  killedRunsAlerted.catch(() => {});
  let started: Promise<void> | undefined;
  return {
    lockTaken() {
      started ??= call(settings.ping, "start");
    },
    async end(run) {
      if (run.result === "ok") await alertLagIsOver(settings, common, session, context);
      session.history.prune();
      await killedRunsAlerted;
      await started;
      // One that found the lock taken neither succeeded nor failed: the run that holds it will say.
      if (run.result !== "locked") await call(settings.ping, run.result === "ok" ? "success" : "fail");
    },
  };
}

async function call(address: string | undefined, kind: PingKind): Promise<void> {
  if (address === undefined) return;
  const why = await ping(address, kind);
  if (why !== undefined) log.warning`the ping for ${kind} failed: ${why}`;
}

/** A lag is told by `bzman status`; its end need not wait for the next one. */
async function alertLagIsOver(
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
  const status = jobStatus(readJobFacts(history, known, now), { now, objectiveMs, format: show });
  if (!status.findings.some(({ check }) => check === "lag")) {
    await alertOnLag([status], objectiveMs, common, session, context);
  }
}
