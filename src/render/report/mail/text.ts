/**
 * The report as plain text: the first alternative of the mail, and all of it for those who read mail in a terminal.
 *
 * @module
 */

import type { DatasetLine, FailureReport, JobReport, Reason, Report } from "../../../core/report/report.ts";
import { bytesText, rateText } from "../../text/bytes.ts";
import { durationText } from "../../text/duration.ts";
import { terminalLines, terminalText } from "../../text/terminal_text.ts";
import { type TableColumn, textTable } from "../../text/text_table.ts";
import { counted, toneWords } from "../markup.ts";
import { timestampText } from "../timestamps.ts";
import { forecastText, scrub } from "../parts/pools.ts";
import { versionRange } from "../version_range.ts";
import { shownDatasets } from "./selection.ts";

/** Lines are not longer where it can be helped. */
const width = 78;

/** The text part. */
export function mailText(report: Report): string {
  const parts = [
    `${toneWords[report.verdict].toUpperCase()}: ${terminalText(report.headline)}\n${terminalText(report.summary)}`,
    report.reasons.map(reason).join("\n"),
    ...report.jobs.map(jobText),
    table("TREND", ["PERIOD", "RUNS", "FAILED", "SENT", "USUAL TIME", "LONGEST LAG"], trendRows(report)),
    table("POOLS", ["POOL", "STATE", "USED", "FREE", "LAST SCRUB"], poolRows(report), false) + forecasts(report),
    table("WHERE TIME WENT", ["PHASE", "PART", "TIME"], phaseRows(report)),
    ...report.failures.map(failureText),
    `${terminalText(report.host)}, ${timestampText(report.since)} to ${timestampText(report.now)}\n` +
    "The same as a page, with every dataset: bzman report --output FILE.html",
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function reason({ verdict, text, next }: Reason): string {
  const word = `${toneWords[verdict].toUpperCase()}:`.padEnd(10);
  return `${word}${terminalText(text)}${next === undefined ? "" : `\n${" ".repeat(10)}next: ${terminalText(next)}`}`;
}

function jobText(job: JobReport): string {
  const failed = job.failed === 0 ? "none failed" : `${job.failed} failed`;
  const lag = job.lagMs === undefined ? "not known" : durationText(job.lagMs);
  const { lines, more } = shownDatasets(job);
  const rows = lines.map((line) => [
    line.dataset,
    line.errorClass ?? line.result,
    line.lagMs === undefined ? "-" : durationText(line.lagMs),
    bytesText(line.bytes),
    durationText(line.elapsedMs),
    line.bytes > 0n ? rateText(line.bytes, line.elapsedMs) : "-",
  ]);
  return [
    `${terminalText(job.source)} → ${terminalText(job.target)}: ${toneWords[job.verdict].toUpperCase()}`,
    `${counted(job.runs, "run")}, ${failed}; ${bytesText(job.bytes)} sent; lag ${lag}`,
    "",
    ...withBelow(table("", ["DATASET", "RESULT", "LAG", "SENT", "TIME", "RATE"], rows), lines.map(versionRangeText)),
    ...(more > 0 ? [`and ${counted(more, "other")}, all OK`] : []),
  ].join("\n");
}

/** Puts under each row of a table, whose first line are its titles, a line of its own. */
function withBelow(shown: string, below: readonly string[]): string[] {
  const [titles, ...rows] = shown === "" ? [] : shown.split("\n");
  return titles === undefined ? [] : [titles, ...rows.flatMap((row, index) => [row, `  ${below[index] ?? ""}`])];
}

/** What was sent to a dataset, from where to where. */
function versionRangeText({ kind, from, to }: DatasetLine): string {
  if (to === undefined) return `${terminalText(kind)}, nothing arrived yet`;
  const [start, end] = versionRange(from, to);
  return terminalText(`${kind} ${start === undefined ? "" : `${start} → `}${end}`);
}

function trendRows({ windows, jobs }: Report): string[][] {
  if (jobs.length === 0) return [];
  return windows.map((window) => [
    window.title,
    String(window.runs),
    String(window.failed),
    bytesText(window.bytes),
    durationText(window.medianMs),
    window.longestLagMs === undefined ? "-" : durationText(window.longestLagMs),
  ]);
}

function poolRows({ pools, now }: Report): string[][] {
  return pools.map((pool) => [
    `${pool.host}:${pool.pool}`,
    pool.state,
    pool.used === undefined ? "-" : `${Math.round(pool.used * 100)} %`,
    pool.availableBytes === undefined ? "-" : bytesText(pool.availableBytes),
    scrub(pool, now),
  ]);
}

function forecasts({ pools }: Report): string {
  return pools.map(({ host, pool, forecast }) =>
    forecast === undefined ? "" : `\n${terminalText(`${host}:${pool}`)} ${forecastText(forecast)}`
  ).join("");
}

function phaseRows({ phases }: Report): string[][] {
  return phases.map(({ phase, share, elapsedMs }) => [phase, `${Math.round(share * 100)} %`, durationText(elapsedMs)]);
}

/** A title and a table; empty without rows. The first column may be shortened, and a last one of words. */
function table(
  title: string,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  lastIsNumber = true,
): string {
  if (rows.length === 0) return "";
  const columns = titles.map((name, index): TableColumn => ({
    title: name,
    ...(index === 0 || (index === titles.length - 1 && !lastIsNumber) ? { shrink: "end" } : {}),
    ...(index > 0 && (index < titles.length - 1 || lastIsNumber) ? { align: "right" } : {}),
  }));
  return [...(title === "" ? [] : [title]), ...textTable(columns, rows, width)].join("\n");
}

function failureText(failure: FailureReport): string {
  const { count, firstAt, lastAt, isOver, stderrTail = "" } = failure;
  const when = count === 1
    ? timestampText(lastAt)
    : `${count} runs, ${timestampText(firstAt)} to ${timestampText(lastAt)}`;
  const stderr = terminalLines(stderrTail).trimEnd();
  return [
    `FAILURE ${terminalText(failure.errorClass)}, ${isOver ? "resolved" : "open"}`,
    `what:  ${terminalText(failure.message)}`,
    ...(failure.advice === undefined ? [] : [`next:  ${terminalLines(failure.advice).replaceAll("\n", "\n       ")}`]),
    `job:   ${terminalText(failure.job)}`,
    `when:  ${when}`,
    `run:   ${failure.runId}, ${terminalText(failure.uuid)}`,
    ...(stderr === "" ? [] : ["what it wrote to standard error:", ...stderr.split("\n").map((line) => `  | ${line}`)]),
  ].join("\n");
}
