/**
 * `bzman prune`: retention alone, with the reason for every keep and destroy.
 *
 * @module
 */

import type { CommonSettings, PruneSettings } from "../config/settings.ts";
import { pruneAlone, type PruneInput, type PrunePlan, type PrunePorts } from "../core/engine/prune_alone.ts";
import type { PruneResult } from "../core/engine/prune.ts";
import { matchesPattern } from "../core/exclusion.ts";
import { exitStatus, Fault, faultLine, type FaultParts } from "../core/fault.ts";
import type { Verdict } from "../core/retention.ts";
import { localHostName } from "../hosts/local.ts";
import { log } from "../notify/log.ts";
import { terminalText } from "../render/terminal_text.ts";
import { verdictLines, verdictsJson } from "../render/verdict_lines.ts";
import type { Context } from "./context.ts";
import { takeLock } from "./engine_ports.ts";
import { describeFailure } from "./failure.ts";
import { faulted, faultOf } from "./run_faults.ts";
import { mailRun } from "./run_mails.ts";
import { newRun } from "./run_recording.ts";
import { openSession, type Session, warnOfTroubles } from "./session.ts";
import { jsonLine } from "../render/json_line.ts";

/** Prunes SOURCE, and TARGET where one is named. */
export async function prune(settings: PruneSettings, common: CommonSettings, context: Context): Promise<number> {
  const { dryRun } = settings;
  await using session = await openSession(common, context, { record: dryRun ? "none" : "write", syslog: !dryRun });
  const input = pruneInput(settings);
  const ports = prunePorts(settings, session, context);
  if (dryRun) {
    await pruneAlone(input, ports, (plan) => Promise.resolve(show(plan, undefined, common, context)));
    return exitStatus.done;
  }
  warnOfTroubles(session.history);
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
    const failures = await pruneAlone(input, ports, async (plan) => {
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
    await mailRun(done, undefined, common, session, context);
    return exitStatus.done;
  } catch (error) {
    const fault = faultOf(error, context);
    const ended = faulted(run, fault, [], context);
    if (ended.result === "locked") session.history.foldLocked(ended);
    else session.history.finishRun(ended);
    if (common.json && !context.stdout.used) context.stdout.write(failureJson(fault, context));
    log.error`${faultLine(fault)}${fault.next === undefined ? "" : `\nnext: ${fault.next}`}`;
    await mailRun(ended, fault, common, session, context);
    return fault.exit;
  }
}

/** What stands in the place of the verdicts where there are none. */
function failureJson(fault: FaultParts, { signal }: Context): string {
  return describeFailure(new Fault(fault), { debug: false, family: "acts", signal }).json;
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
  const final = (verdicts: readonly Verdict[]): Verdict[] =>
    verdicts.map((verdict) => overruled.get(verdict.snapshot) ?? verdict);
  const sides = { source: final(plan.source), target: final(plan.target) };
  if (common.json) {
    context.stdout.write(jsonLine({ dryRun: results === undefined, ...verdictsJson(sides) }));
  } else if (!common.quiet) {
    for (const line of verdictLines(sides, results === undefined)) context.stdout.write(`${terminalText(line)}\n`);
  }
}
