/**
 * `bzman replicate`: runs the engine, tells what it does, records how it ended, and mails when it failed.
 *
 * @module
 */

import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import { exitStatus, faultLine, type FaultParts } from "../core/fault.ts";
import { creationTimes } from "../core/engine/creation_times.ts";
import { Phases } from "../core/engine/phases.ts";
import { replicate as runEngine, type Replicated } from "../core/engine/replicate.ts";
import type { JobCommand } from "../core/job_command.ts";
import { wholeFault, wholeNext } from "../core/next_text.ts";
import { sampleSides } from "../core/health/sample_sides.ts";
import type { RunRecord } from "../core/record.ts";
import { localHostName } from "../hosts/local.ts";
import { consoleLog, log, syslogLog } from "../notify/log.ts";
import { runJson } from "../render/run_json.ts";
import { elapsedOf, timesLine, timesTable } from "../render/times_table.ts";
import { bytesText } from "../render/bytes.ts";
import type { Context } from "./context.ts";
import { dryRun } from "./dry_run.ts";
import { engineInput, enginePorts } from "./engine_ports.ts";
import { mailRun } from "./run_mails.ts";
import { faulted, faultOf, interruptionExit } from "./run_faults.ts";
import { finishedRun, firstFault, newRun } from "./run_recording.ts";
import { openSession, type Session, warnOfTroubles } from "./session.ts";
import { makeTeller } from "./tell_events.ts";
import { watchRun } from "./watch_run.ts";
import { jsonLine } from "../render/json_line.ts";

/** Replicates SOURCE to TARGET. */
export async function replicate(
  settings: ReplicateSettings,
  common: CommonSettings,
  context: Context,
): Promise<number> {
  if (settings.dryRun) return await dryRun(settings, common, context);
  const teller = makeTeller(common, context);
  await using session = await openSession(common, context, {
    record: "write",
    syslog: true,
    beforeOutput: () => teller.clear(),
  });
  const { history } = session;
  warnOfTroubles(history);
  for (const { job, result } of history.repairKilled()) {
    if (result === "killed") log.warning`an earlier run of ${job} was killed before it could end; its record is mended`;
    else log.info`an earlier run of ${job} could not record its end; now it is: ${result}`;
  }
  const begun = newRun({
    job: settings.job,
    command: "replicate",
    source: `${settings.source.host ?? localHostName()}:${settings.source.dataset}`,
    target: `${settings.target.host ?? localHostName()}:${settings.target.dataset}`,
    startedAt: context.clock(),
    pid: context.pid,
  });
  const run = { ...begun, id: history.beginRun(begun) };
  log.info`replicate ${run.source} → ${run.target}`;
  const watch = watchRun(settings, common, session, context);
  const phases = new Phases(() => performance.now(), teller.listener);
  const ports = enginePorts(settings, common, session, context, teller.listener, () => watch.locked());
  const ended = await attempt(settings, session, context, phases, ports, run);
  teller.clear();
  await conclude(ended, settings, common, session, context);
  await watch.end(ended.run);
  if (common.json) context.stdout.write(jsonLine(runJson(ended.run)));
  return ended.run.exitStatus ?? exitStatus.failed;
}

/** A finished run, and its failure when there is one. */
interface Ended {
  readonly run: RunRecord;
  readonly fault: FaultParts | undefined;
}

async function attempt(
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
    const createdAt = await phases.measure("verify", () => madeAt(done, settings, session, ports));
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
    run: advice === undefined ? run : { ...run, advice: wholeNext(advice, job) },
    fault: fault && wholeFault(fault, job),
  };
}

/** When the newest common versions were made, by GUID: the lag is counted from there. */
async function madeAt(
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
  const versions = done.tally.accounts.map(({ at }) => at).filter((at) => at !== undefined);
  return await creationTimes(source, versions, { prefix, recorded }, signal);
}

/** Tells how it ended, records it, and mails. In this order: what is recorded must not depend on a mail server. */
async function conclude(
  ended: Ended,
  { objectiveMs }: ReplicateSettings,
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<void> {
  const { run, fault } = ended;
  const { history } = session;
  tellFaults(run, fault);
  // One record for as long as the same run holds the lock, which may be days.
  const id = run.result === "locked" ? history.foldLocked(run) : history.finishRun(run);
  if (!common.json) consoleLog.info`${timesTable(run.phases, elapsedOf(run)).join("\n")}`;
  syslogLog.info`${timesLine(run.phases, elapsedOf(run))}`;
  log.info`${summary(run)}`;
  await mailRun(run, fault, common, session, context, objectiveMs);
  if (id === 0) warnUnrecorded(session);
}

/** At most so many datasets are told one by one; the log has them all. */
const mostFaults = 20;

/** The run's own fault with its advice first, then the other datasets that failed. */
function tellFaults(run: RunRecord, fault: FaultParts | undefined): void {
  if (fault === undefined) return;
  const first = faultLine(fault);
  log.error`${first}${fault.next === undefined ? "" : `\nnext: ${fault.next}`}`;
  const others = run.datasets.filter(({ result, message }) =>
    (result === "failed" || result === "refused") && message !== first
  );
  for (const { dataset, message, errorClass } of others.slice(0, mostFaults)) {
    log.error`${message ?? `${dataset}: ${errorClass ?? "failed"}`}`;
  }
  const left = others.length - mostFaults;
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
  if (run.savedBytes > 0n) parts.push(`${bytesText(run.savedBytes)} saved by going on`);
  return `replicate ${run.source} → ${run.target}: ${parts.join(", ")}`;
}

/** Without a record nobody would know later. Whoever is not at the terminal learns it by the mail about the record. */
function warnUnrecorded({ history }: Session): void {
  const trouble = history.troubles.at(-1);
  log.warning`this run could not be recorded: ${trouble?.message ?? "no database"}`;
}
