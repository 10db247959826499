/**
 * `bzman replicate`: runs the engine, tells what it does, records how it ended, and mails when it failed.
 *
 * @module
 */

import { alertOnRun } from "../alerting/run_alerts.ts";
import { startRunHooks } from "../alerting/run_hooks.ts";
import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import { completeFault, completeNext } from "../core/complete_next.ts";
import { exitStatus, faultLine, type FaultParts } from "../core/fault.ts";
import { creationTimes } from "../core/inspect/creation_times.ts";
import type { JobCommand } from "../core/job_command.ts";
import type { RunRecord } from "../core/record.ts";
import { replicate as runEngine, type Replicated } from "../core/replicate/replicate.ts";
import { sampleSides } from "../core/replicate/sample_pools.ts";
import { Phases } from "../core/run/phases.ts";
import { localHostName } from "../hosts/local_machine.ts";
import { consoleLog, log, syslogLog } from "../notify/log.ts";
import { faulted, faultOf, interruptionExit } from "../recording/run_faults.ts";
import { finishedRun, firstFault, newRun } from "../recording/run_record.ts";
import { runJson } from "../render/log/run_json.ts";
import { bytesText } from "../render/text/bytes.ts";
import { jsonLine } from "../render/text/json_line.ts";
import { elapsedOf, timesLine, timesTable } from "../render/text/times_table.ts";
import type { Context } from "../session/context.ts";
import { openSession } from "../session/open_session.ts";
import { makeProgressReporter } from "../session/progress_reporter.ts";
import { engineInput, enginePorts } from "../session/replication_ports.ts";
import { type Session, warnOfDatabaseErrors } from "../session/session.ts";
import { dryRun } from "./dry_run.ts";

/** Replicates SOURCE to TARGET. */
export async function replicate(
  settings: ReplicateSettings,
  common: CommonSettings,
  context: Context,
): Promise<number> {
  if (settings.dryRun) return await dryRun(settings, common, context);
  const reporter = makeProgressReporter(common, context);
  await using session = await openSession(common, context, {
    record: "write",
    syslog: true,
    beforeOutput: () => reporter.clear(),
  });
  const { history } = session;
  warnOfDatabaseErrors(history);
  for (const { job, result } of history.repairKilled()) {
    if (result === "killed") {
      log.warning`an earlier run of ${job} was killed before it could end; its record is repaired`;
    } else log.info`an earlier run of ${job} could not record its end; now it is: ${result}`;
  }
  const started = newRun({
    job: settings.job,
    command: "replicate",
    source: `${settings.source.host ?? localHostName()}:${settings.source.dataset}`,
    target: `${settings.target.host ?? localHostName()}:${settings.target.dataset}`,
    startedAt: context.clock(),
    pid: context.pid,
  });
  const run = { ...started, id: history.beginRun(started) };
  log.info`replicate ${run.source} → ${run.target}`;
  const hooks = startRunHooks(settings, common, session, context);
  const phases = new Phases(() => performance.now(), reporter.listener);
  const ports = enginePorts(settings, common, session, context, reporter.listener, () => hooks.lockTaken());
  const ended = await runAttempt(settings, session, context, phases, ports, run);
  reporter.clear();
  await recordAndReport(ended, settings, common, session, context);
  await hooks.end(ended.run);
  if (common.json) context.stdout.write(jsonLine(runJson(ended.run)));
  return ended.run.exitStatus ?? exitStatus.failed;
}

/** A finished run, and its failure when there is one. */
interface Ended {
  readonly run: RunRecord;
  readonly fault: FaultParts | undefined;
}

async function runAttempt(
  settings: ReplicateSettings,
  session: Session,
  context: Context,
  phases: Phases,
  ports: ReturnType<typeof enginePorts>,
  run: RunRecord,
): Promise<Ended> {
  try {
    const done: Replicated = await runEngine(engineInput(settings), ports, phases);
    for (const sample of sampleSides(done.prepared, context.clock())) session.history.addPoolSample(sample);
    const exit = interruptionExit(context);
    const createdAt = await phases.measure("verify", () => creationTimesOf(done, settings, session, ports));
    const finished = finishedRun(run, done, createdAt, phases.times, context.clock(), exit);
    const fault = exit === undefined ? firstFault(done) : undefined;
    return whole({ run: finished, fault }, ports.job);
  } catch (error) {
    const fault = faultOf(error, context);
    return whole({ run: faulted(run, fault, phases.times, context), fault }, ports.job);
  }
}

/** The same end, with the job's own command as advice where it is to be run again. */
function whole({ run, fault }: Ended, job: JobCommand): Ended {
  const { advice } = run;
  return {
    run: advice === undefined ? run : { ...run, advice: completeNext(advice, job) },
    fault: fault && completeFault(fault, job),
  };
}

/** When the newest common versions were made, by GUID: the lag is counted from there. */
async function creationTimesOf(
  done: Replicated,
  { job, prefix }: ReplicateSettings,
  { history }: Session,
  { source, signal }: ReturnType<typeof enginePorts>,
): Promise<ReadonlyMap<string, number>> {
  let times: Map<string | undefined, number | undefined> | undefined;
  const recorded = (guid: string): number | undefined => {
    times ??= new Map(
      history.latestDatasets(job, { onlySuccess: true }).map(({ toGuid, toCreatedAt }) => [toGuid, toCreatedAt]),
    );
    return times.get(guid);
  };
  const versions = done.state.datasets.map(({ at }) => at).filter((at) => at !== undefined);
  return await creationTimes(source, versions, { prefix, recorded }, signal);
}

/** Tells how it ended, records it, and mails. In this order: what is recorded must not depend on a mail server. */
async function recordAndReport(
  ended: Ended,
  { objectiveMs }: ReplicateSettings,
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<void> {
  const { run, fault } = ended;
  const { history } = session;
  logFaults(run, fault);
  // One record for as long as the same run holds the lock, which may be days.
  const id = run.result === "locked" ? history.foldLocked(run) : history.finishRun(run);
  if (!common.json) consoleLog.info`${timesTable(run.phases, elapsedOf(run)).join("\n")}`;
  syslogLog.info`${timesLine(run.phases, elapsedOf(run))}`;
  log.info`${summary(run)}`;
  await alertOnRun(run, fault, common, session, context, objectiveMs);
  if (id === 0) warnUnrecorded(session);
}

/** At most so many datasets are told one by one; the log has them all. */
const maxFaults = 20;

/** The run's own fault with its advice first, then the other datasets that failed. */
function logFaults(run: RunRecord, fault: FaultParts | undefined): void {
  if (fault === undefined) return;
  const first = faultLine(fault);
  log.error`${first}${fault.next === undefined ? "" : `\nnext: ${fault.next}`}`;
  const others = run.datasets.filter(({ result, message }) =>
    (result === "failed" || result === "refused") && message !== first
  );
  for (const { dataset, message, errorClass } of others.slice(0, maxFaults)) {
    log.error`${message ?? `${dataset}: ${errorClass ?? "failed"}`}`;
  }
  const left = others.length - maxFaults;
  if (left > 0) log.error`and ${left} more datasets: bzman log --dataset --failed --limit ${others.length + 1}`;
}

function summary(run: RunRecord): string {
  const ok = run.datasets.filter(({ result }) => result === "ok" || result === "up-to-date").length;
  const total = run.datasets.filter(({ result }) => result !== "vanished").length;
  // Of what was refused as a whole there is nothing to count.
  const parts = total === 0 ? [run.result] : [
    run.result,
    `${ok} of ${total} dataset${total === 1 ? "" : "s"}`,
    `${run.snapshots} snapshot${run.snapshots === 1 ? "" : "s"}`,
    bytesText(run.bytes),
  ];
  if (run.savedBytes > 0n) parts.push(`${bytesText(run.savedBytes)} saved by resuming`);
  return `replicate ${run.source} → ${run.target}: ${parts.join(", ")}`;
}

/** Without a record nobody would know later. Whoever is not at the terminal learns it by the mail about the record. */
function warnUnrecorded({ history }: Session): void {
  const databaseError = history.errors.at(-1);
  log.warning`this run could not be recorded: ${databaseError?.message ?? "no database"}`;
}
