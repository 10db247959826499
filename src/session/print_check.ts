/**
 * Prints what a check found, and gives it its exit status.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import { checkExit, type CheckFinding, problemsOf, worstOf } from "../core/check.ts";
import { checkFindingsJson } from "../render/check/check_json.ts";
import { problemLines, summaryLine } from "../render/check/check_text.ts";
import type { Json } from "../render/text/json.ts";
import { jsonLine } from "../render/text/json_line.ts";
import type { Context } from "./context.ts";

/** What a check has to say. */
export interface CheckReport {
  readonly findings: readonly CheckFinding[];
  /** The first line when all is well, behind the verdict. */
  readonly well: string;
  /** The lines between the first and the troubles, made to fit a width. */
  table(width: number | undefined): readonly string[];
  /** Lines behind the troubles. */
  readonly notes?: readonly string[];
  /** What the JSON document holds besides verdict, summary and findings. */
  readonly json: Readonly<Record<string, Json>>;
}

/** Prints it, as text or as one JSON document; with `--quiet` not at all. Returns the exit status. */
export function reportCheck(report: CheckReport, common: CommonSettings, { stdout }: Context): number {
  const verdict = worstOf(report.findings.map((finding) => finding.verdict));
  const problems = problemsOf(report.findings);
  const summary = summaryLine(verdict, problems, report.well);
  if (common.json) {
    const findings = checkFindingsJson(report.findings);
    stdout.write(jsonLine({ verdict, summary, ...report.json, findings }));
  } else if (!common.quiet) {
    const lines = [summary, ...report.table(stdout.columns), ...problemLines(problems), ...report.notes ?? []];
    stdout.write(lines.map((line) => `${line}\n`).join(""));
  }
  return checkExit[verdict];
}

/** A machine without pools has nothing that could be well. */
export function noPool(context: Context): CheckFinding {
  return {
    check: "no-pool",
    subject: context.hostname,
    verdict: "unknown",
    text: "no pool is imported here",
    next: "zpool import",
  };
}
