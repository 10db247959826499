/**
 * The headline of the report and the sentence below it: what was never copied, what no job covers, what is behind and
 * what the last run could not bring up to date are told apart.
 *
 * @module
 */

import { lagVerdict } from "../lag.ts";
import type { CheckVerdict } from "../check.ts";
import type { ReportFormatters } from "./input.ts";
import { neverCopied } from "./reasons.ts";
import type { DatasetLine, JobReport, Reason } from "./report.ts";

/** How many datasets, or jobs, stand how. */
export interface Protection {
  /** Jobs that brought nothing over yet: how many datasets they have is not known. */
  readonly bareJobs: number;
  /** Datasets that have no copy at all, of the jobs that have copied others. */
  readonly neverCopied: number;
  /** Datasets that have a copy. */
  readonly copies: number;
  /** Copies that are older than the objective. */
  readonly behind: number;
  /** Copies that are young enough, though the last run failed on them. */
  readonly failing: number;
}

/** Counts them; `objectiveMs`: the lag to stay below, in milliseconds. */
export function protectionOf(jobs: readonly JobReport[], objectiveMs: number): Protection {
  const lines = jobs.flatMap(({ datasets }) => datasets);
  const copied = lines.filter(hasCopy);
  const isLate = ({ lagMs }: DatasetLine) => lagVerdict(lagMs, objectiveMs) !== "ok";
  return {
    bareJobs: jobs.filter(neverCopied).length,
    neverCopied: lines.length - copied.length,
    copies: copied.length,
    behind: copied.filter(isLate).length,
    failing: copied.filter((line) => !isLate(line) && line.verdict !== "ok").length,
  };
}

function hasCopy({ lagMs, to }: DatasetLine): boolean {
  return lagMs !== undefined || to !== undefined;
}

/** The verdict in a few words. */
export function headline(
  verdict: CheckVerdict,
  jobs: readonly JobReport[],
  reasons: readonly Reason[],
  unreplicated: number,
  objectiveMs: number,
): string {
  if (jobs.length === 0) return "There is no job";
  const { bareJobs, neverCopied, copies, behind, failing } = protectionOf(jobs, objectiveMs);
  if (verdict === "ok") return copies === 1 ? "The dataset is protected" : `All ${copies} datasets are protected`;
  if (bareJobs === jobs.length) return joined(["nothing was ever copied", ...bare(unreplicated)]);
  const parts = [
    ...(bareJobs > 0 ? [`${bareJobs} of ${jobs.length} jobs never copied anything`] : []),
    ...(neverCopied > 0 ? [`${datasets(neverCopied)} ${neverCopied === 1 ? "was" : "were"} never copied`] : []),
    ...(behind > 0 ? [`${behind} of ${copies} ${copies === 1 ? "copy" : "copies"} ${are(behind)} behind`] : []),
    ...(failing > 0 ? [`the last run failed for ${failing} of ${copies} ${copies === 1 ? "copy" : "copies"}`] : []),
    ...bare(unreplicated),
  ];
  if (parts.length > 0) return joined(parts);
  const problems = reasons.filter((reason) => reason.verdict !== "notice").length;
  return `Every copy is current, and ${problems === 1 ? "one thing needs" : `${problems} things need`} a look`;
}

/** The sentences below it. The age of the oldest copy says nothing of what has none: that is said beside it. */
export function summary(
  jobs: readonly JobReport[],
  sinceMs: number,
  objectiveMs: number,
  words: ReportFormatters,
): string {
  if (jobs.length === 0) {
    return "No job has run yet, or all are retired. Begin with: bzman replicate SOURCE TARGET";
  }
  const runs = jobs.reduce((sum, job) => sum + job.runs, 0);
  const failed = jobs.reduce((sum, job) => sum + job.failed, 0);
  const bytes = jobs.reduce((sum, job) => sum + job.bytes, 0n);
  const well = failed === 0 ? "all succeeded" : `${failed} failed`;
  const ran = runs === 0
    ? `No run in ${words.span(sinceMs)}.`
    : runs === 1
    ? `One run in ${words.span(sinceMs)}, and it ${failed === 0 ? "succeeded" : "failed"}; ${words.bytes(bytes)} sent.`
    : `${runs} runs in ${words.span(sinceMs)}, ${well}; ${words.bytes(bytes)} sent.`;
  return ran + oldest(jobs, objectiveMs, words);
}

function oldest(jobs: readonly JobReport[], objectiveMs: number, words: ReportFormatters): string {
  const lags = jobs.map(({ lagMs }) => lagMs).filter((lagMs) => lagMs !== undefined);
  if (lags.length === 0) return "";
  const { bareJobs, neverCopied, copies } = protectionOf(jobs, objectiveMs);
  const age = words.duration(Math.max(...lags));
  if (bareJobs + neverCopied === 0) return ` The oldest copy is ${age} old.`;
  return ` Of what was copied (${datasets(copies)}) the oldest copy is ${age} old.`;
}

function bare(unreplicated: number): string[] {
  return unreplicated === 0 ? [] : [`no job covers ${datasets(unreplicated)}`];
}

function joined(parts: readonly string[]): string {
  const text = parts.join("; ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function datasets(count: number): string {
  return count === 1 ? "1 dataset" : `${count} datasets`;
}

function are(count: number): string {
  return count === 1 ? "is" : "are";
}
