/**
 * `bzman status`: whether the data is protected, from the record alone, as monitoring plugins tell it.
 *
 * @module
 */

import type { CommonSettings, StatusSettings } from "../config/settings.ts";
import { type AlertState, closedAlert } from "../core/alerts.ts";
import { exitStatus, Fault } from "../core/fault.ts";
import { jobAlertKeys } from "../core/job_alerts.ts";
import { type JobStatus, jobStatus } from "../core/status/job_status.ts";
import { runCommand } from "../core/status/judge_job.ts";
import { copyCommand, orphanCommand } from "../core/status/next_steps.ts";
import { bytesText } from "../render/bytes.ts";
import { durationText } from "../render/duration.ts";
import { jsonLine } from "../render/json_line.ts";
import { jobStatusJson } from "../render/status_json.ts";
import { datasetStatusTable, jobTable } from "../render/status_table.ts";
import { terminalText } from "../render/terminal_text.ts";
import { localHostName } from "../hosts/local.ts";
import { log } from "../notify/log.ts";
import { reportCheck } from "./check_report.ts";
import type { Context } from "./context.ts";
import { readJobFacts } from "./job_facts.ts";
import { mailLags } from "./lag_mails.ts";
import { openSession, requireReadable, type Session } from "./session.ts";
import { findUncovered } from "./uncovered.ts";

/** Says how jobs stand. */
export async function status(settings: StatusSettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "read", syslog: true });
  session.history.repairKilled();
  if (settings.retire) return retire(knownJobs(settings.jobs, session), common, session, context);
  const inputs = {
    now: context.clock(),
    objectiveMs: settings.objectiveMs,
    show: { bytes: bytesText, duration: durationText },
  };
  const jobs = knownJobs(settings.jobs, session).map((known) =>
    jobStatus(readJobFacts(session.history, known, inputs.now), inputs)
  );
  requireReadable(session.history);
  const bare = settings.jobs.length > 0 ? [] : await findUncovered(jobs, session, context);
  const exit = reportCheck(
    {
      findings: jobs.flatMap(({ findings }) => findings),
      well: wellText(jobs, bare),
      table: (width) => tables(jobs, width),
      notes: notes(jobs, bare),
      json: { jobs: jobs.map(jobStatusJson), objectiveMs: settings.objectiveMs, notReplicated: bare },
    },
    common,
    context,
  );
  await mailLags(jobs, settings.objectiveMs, common, session, context);
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
      const [trouble] = history.troubles;
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
    for (const { run } of history.untoldKilled()) if (run.job === job) history.killedWasTold(run.uuid);
    log.info`${job} counts no longer, until it runs again; its copy and its record stay`;
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
    const [trouble] = history.troubles;
    throw new Fault({
      errorClass: "no-job",
      what: trouble?.message ?? "no job is watched: none has run yet, or all were retired",
      next: trouble?.advice ?? "bzman replicate SOURCE TARGET",
      exit: exitStatus.failed,
    });
  }
  return names.length === 0 ? known : names.map((name) => {
    const job = known.find((entry) => entry.job === name);
    if (job !== undefined) return job;
    throw new Fault({
      errorClass: "no-such-job",
      what: `the record knows no job ${JSON.stringify(name)}`,
      next: `name one of: ${known.map(({ job }) => `'${job}'`).join(", ")}`,
      exit: exitStatus.usage,
    });
  });
}

function wellText(jobs: readonly JobStatus[], bare: readonly string[]): string {
  const datasets = jobs.reduce((sum, job) => sum + job.datasets.length, 0);
  const lags = jobs.map(({ lagMs }) => lagMs).filter((lagMs) => lagMs !== undefined);
  const who = jobs.length === 1 ? jobs[0]?.job ?? "" : `${jobs.length} jobs`;
  const far = lags.length > 0 ? `, at most ${durationText(Math.max(...lags))} behind` : "";
  const left = bare.length > 0 ? `; no job covers ${bare.length} more` : "";
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

function notes(jobs: readonly JobStatus[], bare: readonly string[]): string[] {
  const here = localHostName();
  const list = (names: readonly string[]) => names.map(terminalText).join(", ");
  const next = (what: string, command: string | undefined) =>
    command === undefined ? [] : [`          ${what}: ${terminalText(command)}`];
  const [first] = bare;
  return [
    ...jobs.flatMap(({ job, foreignSnapshots: count = 0 }) =>
      count === 0 ? [] : [
        `note      ${terminalText(job)}: the target keeps ${count} ${
          count === 1 ? "snapshot" : "snapshots"
        } of others that the source has no more`,
        ...next("let go of them", `${runCommand(job)} --foreign-snapshots follow-source`),
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
      : [`note      no job replicates ${list(bare)}`, ...next("copy it", copyCommand(first, jobs, here))]),
  ];
}
