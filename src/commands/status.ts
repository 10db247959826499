/**
 * `bzman status`: whether the data is protected, from the record alone, as monitoring plugins tell it.
 *
 * @module
 */

import { alertOnLag } from "../alerting/lag_alerts.ts";
import type { CommonSettings, StatusSettings } from "../config/settings.ts";
import { type AlertState, closedAlert } from "../core/alerts/alert_state.ts";
import { jobAlertKeys } from "../core/alerts/job_alerts.ts";
import { exitStatus, Fault } from "../core/fault.ts";
import type { JobStatus } from "../core/status/job_facts.ts";
import { jobStatus } from "../core/status/job_status.ts";
import { runCommand } from "../core/status/judge_job.ts";
import { copyCommand, orphanCommand } from "../core/status/next_steps.ts";
import { localHostName } from "../hosts/local_machine.ts";
import { log } from "../notify/log.ts";
import { readJobFacts } from "../recording/read_job_facts.ts";
import { jobStatusJson } from "../render/status/status_json.ts";
import { datasetStatusTable, jobTable } from "../render/status/status_table.ts";
import { bytesText } from "../render/text/bytes.ts";
import { durationText } from "../render/text/duration.ts";
import { jsonLine } from "../render/text/json_line.ts";
import { terminalText } from "../render/text/terminal_text.ts";
import type { Context } from "../session/context.ts";
import { findUnreplicated } from "../session/find_unreplicated.ts";
import { openSession } from "../session/open_session.ts";
import { reportCheck } from "../session/print_check.ts";
import { requireReadable, type Session } from "../session/session.ts";

/** Says how jobs stand. */
export async function status(settings: StatusSettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "read", syslog: true });
  session.history.repairKilled();
  if (settings.retire) return retire(knownJobs(settings.jobs, session), common, session, context);
  const inputs = {
    now: context.clock(),
    objectiveMs: settings.objectiveMs,
    format: { bytes: bytesText, duration: durationText },
  };
  const jobs = knownJobs(settings.jobs, session).map((known) =>
    jobStatus(readJobFacts(session.history, known, inputs.now), inputs)
  );
  requireReadable(session.history);
  const unreplicated = settings.jobs.length > 0 ? [] : await findUnreplicated(jobs, session, context);
  const exit = reportCheck(
    {
      findings: jobs.flatMap(({ findings }) => findings),
      well: wellText(jobs, unreplicated),
      table: (width) => tables(jobs, width),
      notes: notes(jobs, unreplicated),
      json: { jobs: jobs.map(jobStatusJson), objectiveMs: settings.objectiveMs, notReplicated: unreplicated },
    },
    common,
    context,
  );
  await alertOnLag(jobs, settings.objectiveMs, common, session, context);
  return exit;
}

/** Takes jobs out of those that must be up to date; the record of what they did stays. */
function retire(
  jobs: ReturnType<typeof knownJobs>,
  { json }: CommonSettings,
  { history }: Session,
  { stdout, clock }: Context,
): number {
  for (const { job } of jobs) {
    history.retireJob(job);
    if (history.jobs().some((known) => known.job === job)) {
      const [trouble] = history.errors;
      throw new Fault({
        errorClass: "not-retired",
        what: `cannot note that ${job} is retired`,
        why: trouble?.message ?? "its last run began later than this moment: a clock was set back",
        next: trouble?.advice ?? "try again when the clock is right",
        exit: exitStatus.failed,
      });
    }
    // Its troubles are nobody's any more, and their end is no news either.
    for (const key of jobAlertKeys(job)) {
      const close = (state: AlertState | undefined) => state?.open ? closedAlert(state, clock()) : undefined;
      history.changeAlert(key, (previous) => ({ state: close(previous), what: "retired" }));
    }
    for (const { run } of history.unnotifiedKilledRuns()) if (run.job === job) history.markNotified(run.uuid);
    log.info`${job} is retired until it runs again; its copy and its record are kept`;
  }
  if (json) stdout.write(jsonLine({ retired: jobs.map(({ job }) => job) }));
  return exitStatus.done;
}

/**
 * The jobs to speak of.
 *
 * @throws {Fault} When there are none, or one that was named is not known: that is UNKNOWN.
 */
function knownJobs(names: readonly string[], { history }: Session): ReturnType<typeof history.jobs> {
  const known = history.jobs();
  if (known.length === 0) {
    const [trouble] = history.errors;
    throw new Fault({
      errorClass: "no-job",
      what: trouble?.message ?? "there is no job: none has run yet, or all are retired",
      next: trouble?.advice ?? "bzman replicate SOURCE TARGET",
      exit: exitStatus.failed,
    });
  }
  return names.length === 0 ? known : names.map((name) => {
    const job = known.find((entry) => entry.job === name);
    if (job !== undefined) return job;
    throw new Fault({
      errorClass: "no-such-job",
      what: `the record has no job ${JSON.stringify(name)}`,
      next: `name one of: ${known.map(({ job }) => `'${job}'`).join(", ")}`,
      exit: exitStatus.usage,
    });
  });
}

function wellText(jobs: readonly JobStatus[], unreplicated: readonly string[]): string {
  const datasets = jobs.reduce((sum, job) => sum + job.datasets.length, 0);
  const lags = jobs.map(({ lagMs }) => lagMs).filter((lagMs) => lagMs !== undefined);
  const who = jobs.length === 1 ? jobs[0]?.job ?? "" : `${jobs.length} jobs`;
  const far = lags.length > 0 ? `, at most ${durationText(Math.max(...lags))} behind` : "";
  const left = unreplicated.length > 0 ? `; no job covers ${unreplicated.length} more` : "";
  return `${who}: ${datasets} ${datasets === 1 ? "dataset" : "datasets"}${far}${left}`;
}

function tables(jobs: readonly JobStatus[], width: number | undefined): string[] {
  return [
    ...jobTable(jobs, width),
    ...jobs.flatMap(({ job, datasets }) =>
      datasets.length === 0 ? [] : ["", `${terminalText(job)}:`, ...datasetStatusTable(datasets, width)]
    ),
    "",
  ];
}

function notes(jobs: readonly JobStatus[], unreplicated: readonly string[]): string[] {
  const here = localHostName();
  const list = (names: readonly string[]) => names.map(terminalText).join(", ");
  const next = (what: string, command: string | undefined) =>
    command === undefined ? [] : [`          ${what}: ${terminalText(command)}`];
  const [first] = unreplicated;
  return [
    ...jobs.flatMap(({ job, foreignSnapshots: count = 0 }) =>
      count === 0 ? [] : [
        `note      ${terminalText(job)}: the target keeps ${count} ${
          count === 1 ? "foreign snapshot" : "foreign snapshots"
        } that the source has deleted`,
        ...next("destroy them", `${runCommand(job)} --foreign-snapshots follow-source`),
      ]
    ),
    ...jobs.flatMap((job) => {
      const [orphan] = job.orphans;
      if (orphan === undefined) return [];
      return [
        `note      ${terminalText(job.job)}: only the target has ${list(job.orphans)}`,
        ...job.neededOrphans.map((needed) => `          ${terminalText(`${needed.orphan}: ${needed.why}`)}`),
        ...next("look at it", orphanCommand(orphan, job, here)),
      ];
    }),
    ...(first === undefined
      ? []
      : [`note      no job replicates ${list(unreplicated)}`, ...next("copy it", copyCommand(first, jobs, here))]),
  ];
}
