/**
 * The verdicts on a job: whether its runs succeed, whether its copies are young enough. Pure.
 *
 * @module
 */

import { type CheckFinding, type CheckVerdict, shellWord } from "../check.ts";
import { lagVerdict } from "../lag.ts";
import type { RunResult } from "../record.ts";
import type { DatasetStatus, JobFacts, StatusInputs } from "./job_facts.ts";

/** Ends of runs that are failures: one that a signal stopped is none, its lag will tell. */
const failed: ReadonlySet<RunResult> = new Set(["partial", "failed", "refused", "killed"]);
/** At most so many datasets are named in one finding. */
const maxNamed = 3;

/** What is wrong with a job; nothing when all is well. */
export function judgeJob(facts: JobFacts, datasets: readonly DatasetStatus[], inputs: StatusInputs): CheckFinding[] {
  return [
    ...judgeRuns(facts, datasets, inputs),
    ...judgeCopies(facts, datasets),
    ...judgeLag(facts, datasets, inputs),
    ...judgeProof(facts),
  ];
}

/** The record alone cannot see what happened to the copy: the last `bzman verify` did. */
function judgeProof({ job, verifyAlerts }: JobFacts): CheckFinding[] {
  return verifyAlerts.map(({ severity, what }) => ({
    check: "verify",
    subject: job,
    verdict: severity,
    text: `the last 'bzman verify' found: ${what}`,
    next: verifyCommand(job),
  }));
}

function verifyCommand(job: string): string {
  const at = job.indexOf(">");
  return at < 0
    ? "bzman verify SOURCE TARGET"
    : `bzman verify ${shellWord(job.slice(0, at))} ${shellWord(job.slice(at + 1))}`;
}

/** The command that runs a job once more. */
export function runCommand(job: string): string {
  const at = job.indexOf(">");
  if (at < 0) return `bzman run ${shellWord(job)}`;
  return `bzman replicate ${shellWord(job.slice(0, at))} ${shellWord(job.slice(at + 1))}`;
}

function judgeRuns(facts: JobFacts, datasets: readonly DatasetStatus[], { now, format }: StatusInputs): CheckFinding[] {
  const { job, lastRun, running, streak, lastSuccessAt } = facts;
  if (lastSuccessAt === undefined && datasets.length === 0 && lastRun === undefined) {
    const text = running
      ? `its first run is under way, for ${format.duration(now - running.startedAt)}`
      : "no run has ended yet";
    return [{ check: "first-run", subject: job, verdict: "warning", text, next: "bzman log" }];
  }
  if (lastRun === undefined) return [];
  const ago = format.duration(now - (lastRun.endedAt ?? lastRun.startedAt));
  if (!failed.has(lastRun.result)) {
    if (lastSuccessAt !== undefined || datasets.length > 0) return [];
    // No dataset is known that could be late or missing: without this a job that a signal stopped at its first run would
    // count as well.
    const text = running
      ? `a run is under way, for ${format.duration(now - running.startedAt)}`
      : `its last run (${ago} ago) was interrupted`;
    return [{
      check: "never-copied",
      subject: job,
      verdict: "critical",
      text: `nothing was ever copied; ${text}`,
      next: running ? "bzman log" : runCommand(job),
    }];
  }
  const times = streak > 1 ? `its last ${streak} runs failed, the last one` : "its last run failed";
  const why = lastRun.message ?? lastRun.errorClass ?? lastRun.result;
  return [{
    check: lastRun.errorClass ?? lastRun.result,
    subject: job,
    // One failure is a warning however young the copies are; how old they get is told by the lag.
    verdict: lastSuccessAt === undefined ? "critical" : "warning",
    text: `${
      lastSuccessAt === undefined && datasets.length === 0 ? "nothing was ever copied; " : ""
    }${times} (${ago} ago): ${why}`,
    next: lastRun.advice ?? runCommand(job),
  }];
}

/** Datasets that the target does not have at all. */
function judgeCopies({ job }: JobFacts, datasets: readonly DatasetStatus[]): CheckFinding[] {
  const missing = datasets.filter(({ lastSuccessAt }) => lastSuccessAt === undefined);
  if (missing.length === 0) return [];
  const text = `${named(missing.map(({ dataset }) => dataset))} ${missing.length > 1 ? "were" : "was"} never copied`;
  return [{ check: "never-copied", subject: job, verdict: "critical", text, next: runCommand(job) }];
}

function judgeLag(facts: JobFacts, datasets: readonly DatasetStatus[], inputs: StatusInputs): CheckFinding[] {
  const { objectiveMs, now, format } = inputs;
  const late = datasets.filter(({ lagMs }) => lagMs !== undefined && lagVerdict(lagMs, objectiveMs) !== "ok")
    .sort((a, b) => (b.lagMs ?? 0) - (a.lagMs ?? 0));
  const [worst] = late;
  if (worst === undefined) return [];
  const verdict: CheckVerdict = lagVerdict(worst.lagMs, objectiveMs);
  const who = late.length === datasets.length && late.length > 1
    ? `all ${late.length} datasets are`
    : `${named(late.map(({ dataset }) => dataset))} ${late.length > 1 ? "are" : "is"}`;
  const { job, running, lastRun } = facts;
  const meanwhile = running
    ? `; a run is under way, for ${format.duration(now - running.startedAt)}`
    : lastRun && lagVerdict(now - lastRun.startedAt, objectiveMs) !== "ok"
    ? `; no run has started for ${format.duration(now - lastRun.startedAt)}`
    : "";
  return [{
    check: "lag",
    subject: job,
    verdict,
    text: `${who} ${format.duration(worst.lagMs ?? 0)} behind, and should be at most ${
      format.duration(objectiveMs)
    }${meanwhile}`,
    // Where runs fail, what fixes them fixes the lag.
    next: running
      ? "bzman log"
      : (lastRun && failed.has(lastRun.result) ? lastRun.advice : undefined) ?? runCommand(job),
  }];
}

function named(names: readonly string[]): string {
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : "";
  return `${names.slice(0, maxNamed).join(", ")}${more}`;
}
