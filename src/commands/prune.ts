/**
 * `bzman prune`: retention alone, with the reason for every keep and destroy.
 *
 * @module
 */

import { alertOnRun } from "../alerting/run_alerts.ts";
import type { CommonSettings, PruneSettings } from "../config/settings.ts";
import { matchesPattern } from "../core/exclusion.ts";
import { exitStatus, Fault, faultLine, type FaultParts } from "../core/fault.ts";
import type { PruneResult } from "../core/retention/prune_snapshots.ts";
import {
  type PruneInput,
  type PrunePlan,
  type PrunePorts,
  pruneStandalone,
} from "../core/retention/prune_standalone.ts";
import type { RetentionVerdict } from "../core/retention/retention_policy.ts";
import { localHostName } from "../hosts/local_machine.ts";
import { log } from "../notify/log.ts";
import { faulted, faultOf } from "../recording/run_faults.ts";
import { newRun } from "../recording/run_record.ts";
import { pruneJson, pruneLines } from "../render/prune/prune_lines.ts";
import { jsonLine } from "../render/text/json_line.ts";
import { terminalText } from "../render/text/terminal_text.ts";
import type { Context } from "../session/context.ts";
import { describeFailure } from "../session/describe_failure.ts";
import { openSession } from "../session/open_session.ts";
import { takeLock } from "../session/replication_ports.ts";
import { type Session, warnOfDatabaseErrors } from "../session/session.ts";

/** Prunes SOURCE, and TARGET where one is named. */
export async function prune(settings: PruneSettings, common: CommonSettings, context: Context): Promise<number> {
  const { dryRun } = settings;
  await using session = await openSession(common, context, { record: dryRun ? "none" : "write", syslog: !dryRun });
  const input = pruneInput(settings);
  const ports = prunePorts(settings, session, context);
  if (dryRun) {
    await pruneStandalone(input, ports, (plan) => Promise.resolve(show(plan, undefined, common, context)));
    return exitStatus.done;
  }
  warnOfDatabaseErrors(session.history);
  const { source, target } = settings;
  const begun = newRun({
    job: settings.job ?? `prune ${source.text}`,
    command: "prune",
    source: `${source.host ?? localHostName()}:${source.dataset}`,
    target: target === undefined ? "-" : `${target.host ?? localHostName()}:${target.dataset}`,
    startedAt: context.clock(),
    pid: context.pid,
  });
  const run = { ...begun, id: session.history.beginRun(begun) };
  try {
    const failures = await pruneStandalone(input, ports, async (plan) => {
      const results = await plan.carryOut();
      show(plan, results, common, context);
      return results.flatMap((result) => result.failures);
    });
    if (failures.length > 0) {
      throw new Fault({
        errorClass: "prune-failed",
        what: `cannot prune ${failures.length} snapshots`,
        why: failures[0] ?? "",
        next: "see who holds them: zfs holds SNAPSHOT; then run the same command again",
        stderrTail: failures.join("\n").slice(0, 8192),
        exit: exitStatus.failed,
      });
    }
    const done = { ...run, endedAt: context.clock(), result: "ok" as const, exitStatus: exitStatus.done };
    session.history.finishRun(done);
    await alertOnRun(done, undefined, common, session, context);
    return exitStatus.done;
  } catch (error) {
    const fault = faultOf(error, context);
    const ended = faulted(run, fault, [], context);
    if (ended.result === "locked") session.history.foldLocked(ended);
    else session.history.finishRun(ended);
    if (common.json && !context.stdout.used) context.stdout.write(failureJson(fault, context));
    log.error`${faultLine(fault)}${fault.next === undefined ? "" : `\nnext: ${fault.next}`}`;
    await alertOnRun(ended, fault, common, session, context);
    return fault.exit;
  }
}

/** What stands in the place of the verdicts where there are none. */
function failureJson(fault: FaultParts, { signal }: Context): string {
  return describeFailure(new Fault(fault), { debug: false, convention: "acts", signal }).json;
}

function pruneInput(settings: PruneSettings): PruneInput {
  const top = settings.source.dataset;
  return {
    sourceTop: top,
    targetTop: settings.target?.dataset,
    prefix: settings.prefix,
    keep: settings.keep,
    adopt: settings.adopt,
    isExcluded: (dataset) => settings.exclude.some((pattern) => matchesPattern(dataset, top, pattern)),
  };
}

function prunePorts(settings: PruneSettings, session: Session, context: Context): PrunePorts {
  return {
    source: session.hosts.at(settings.source.host),
    target: settings.target === undefined ? undefined : session.hosts.at(settings.target.host),
    clock: context.clock,
    signal: context.signal,
    // A dry run waits for nobody: it takes no lock, and makes no folder for it.
    lock: (key) =>
      settings.dryRun
        ? Promise.resolve({ kind: "taken", forAllUsers: false, release: () => Promise.resolve() })
        : takeLock(key, settings.job ?? "prune", session, context),
  };
}

/** Prints every verdict; those that proof overruled with the reason that proof gave. */
function show(
  plan: PrunePlan,
  results: readonly PruneResult[] | undefined,
  common: CommonSettings,
  context: Context,
): void {
  const overruled = new Map(results?.flatMap(({ kept }) => kept).map((verdict) => [verdict.snapshot, verdict]));
  const final = (verdicts: readonly RetentionVerdict[]): RetentionVerdict[] =>
    verdicts.map((verdict) => overruled.get(verdict.snapshot) ?? verdict);
  const sides = { source: final(plan.source), target: final(plan.target) };
  if (common.json) {
    context.stdout.write(jsonLine({ dryRun: results === undefined, ...pruneJson(sides) }));
  } else if (!common.quiet) {
    for (const line of pruneLines(sides, results === undefined)) context.stdout.write(`${terminalText(line)}\n`);
  }
}
