/**
 * The mails that tell of a failed run and of the end of the trouble, as plain text.
 *
 * @module
 */

import type { AlertMail, AlertState } from "../../core/alerts/alert_state.ts";
import type { FaultParts } from "../../core/fault.ts";
import type { SubjectVerdict } from "../../core/mail.ts";
import type { RunRecord } from "../../core/record.ts";
import { durationText } from "../text/duration.ts";
import { mailSubject } from "./mail_subject.ts";
import { terminalLines, terminalText } from "../text/terminal_text.ts";
import { elapsedOf, timesTable } from "../text/times_table.ts";
import { timeText } from "../text/timestamp.ts";

/** What a mail about a run is made of. */
export interface RunMailInputs {
  readonly run: RunRecord;
  /** Why it goes out. */
  readonly reason: AlertMail;
  /** The alert after this run. */
  readonly state: AlertState;
  /** This machine's name. */
  readonly host: string;
  /** The failure in its parts, when the run still has it; else the record's own words are used. */
  readonly fault?: Pick<FaultParts, "what" | "where" | "stage" | "why" | "next">;
  /** Milliseconds since 1970; `undefined`: never. */
  readonly lastSuccessAt?: number;
}

/** Subject and text of a mail. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** The mail about a run that failed, or that ended the trouble. */
export function runMail(inputs: RunMailInputs): MailText {
  return inputs.reason === "recovered" ? recoveredMail(inputs) : errorMail(inputs);
}

function errorMail(inputs: RunMailInputs): MailText {
  const { run, state, host } = inputs;
  const verdict: SubjectVerdict = state.severity === "critical" ? "CRITICAL" : "WARNING";
  const short = run.errorClass === undefined || run.errorClass === run.result
    ? run.result
    : `${run.result}: ${run.errorClass}`;
  const paragraphs = [
    headline(inputs),
    fields(faultFields(inputs)),
    failedDatasets(run),
    stderrPart(run),
    timesTable(run.phases, elapsedOf(run)).join("\n"),
    fields([["job", run.job], ["source", run.source], ["target", run.target], ...dates(inputs), ["run", run.uuid]]),
    "More: bzman log --failed; dataset by dataset: bzman log --dataset --failed",
  ];
  return { subject: mailSubject(verdict, host, `${run.command} ${run.job} ${short}`), text: letter(paragraphs) };
}

function recoveredMail(inputs: RunMailInputs): MailText {
  const { run, state, host } = inputs;
  const lasted = durationText((run.endedAt ?? state.lastSeenAt) - state.since);
  const paragraphs = [
    `${terminalText(run.job)} succeeds again, after ${lasted} and ${runs(state.seen)} with failures (${
      terminalText(state.errorClass)
    }).`,
    timesTable(run.phases, elapsedOf(run)).join("\n"),
    fields([["job", run.job], ["source", run.source], ["target", run.target], ...dates(inputs), ["run", run.uuid]]),
    "More: bzman log",
  ];
  return { subject: mailSubject("OK", host, `${run.command} ${run.job} succeeds again`), text: letter(paragraphs) };
}

function headline({ run, reason, state }: RunMailInputs): string {
  const job = terminalText(run.job);
  const since = `since ${timeText(state.since)} (${runs(state.seen)})`;
  switch (reason) {
    case "new":
      return `${job}: ${resultWords[run.result]}.`;
    case "changed":
      return `${job}: ${resultWords[run.result]}, now for another reason. Failing ${since}.`;
    case "worse":
      return `${job}: ${resultWords[run.result]}, and this is now critical. Failing ${since}.`;
    case "reminder":
      return `${job}: still failing, ${since}. This is a reminder.`;
    case "flapping":
      return `${job} is flapping. Until it has succeeded for an hour, mails are sent only when it gets worse, and as a reminder every six hours.`;
    case "recovered":
      return `${job} succeeds again.`;
  }
}

const resultWords: Readonly<Record<RunRecord["result"], string>> = {
  running: "is running",
  ok: "done",
  partial: "some datasets failed, the others are done",
  failed: "failed",
  refused: "refused, nothing was changed",
  locked: "another run holds the lock",
  interrupted: "was interrupted by a signal",
  killed: "the process disappeared (killed, or the host went down)",
};

function faultFields({ run, fault }: RunMailInputs): [string, string | undefined][] {
  const what = fault?.what ?? run.message ?? run.errorClass ?? run.result;
  return [
    // The first line of the mail said so already.
    ["what", what === resultWords[run.result] ? undefined : what],
    ["where", fault?.stage ?? fault?.where],
    ["why", fault?.why],
    ["next", fault?.next ?? run.advice],
  ];
}

function dates({ run, lastSuccessAt }: RunMailInputs): [string, string][] {
  return [
    ["started", timeText(run.startedAt)],
    ["last success", lastSuccessAt === undefined ? "never" : timeText(lastSuccessAt)],
  ];
}

/** At most so many datasets are listed; the log has them all. */
const maxDatasets = 20;

function failedDatasets(run: RunRecord): string {
  // What only the target has was not to be copied.
  const wanted = run.datasets.filter(({ result }) => result !== "vanished");
  const failed = wanted.filter(({ result }) => result !== "ok" && result !== "up-to-date");
  if (failed.length === 0) return "";
  const lines = failed.slice(0, maxDatasets).map((entry) =>
    `  ${terminalText(entry.dataset)}: ${entry.result}${
      entry.message === undefined ? "" : `: ${terminalText(entry.message)}`
    }`
  );
  if (failed.length > maxDatasets) lines.push(`  … and ${failed.length - maxDatasets} more`);
  return [`datasets (${failed.length} of ${wanted.length}):`, ...lines].join("\n");
}

function stderrPart(run: RunRecord): string {
  const tail = run.stderrTail?.trim() ?? "";
  if (tail === "") return "";
  return ["what it wrote to standard error:", ...terminalLines(tail).split("\n").map((line) => `  | ${line}`)].join(
    "\n",
  );
}

function fields(entries: readonly (readonly [string, string | undefined])[]): string {
  const present = entries.filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "");
  const width = Math.max(...present.map(([name]) => name.length)) + 1;
  return present.map(([name, value]) => {
    const indent = " ".repeat(width + 1);
    return `${`${name}:`.padEnd(width)} ${terminalLines(value).split("\n").join(`\n${indent}`)}`;
  }).join("\n");
}

function runs(count: number): string {
  return count === 1 ? "1 run" : `${count} runs`;
}

function letter(paragraphs: readonly string[]): string {
  return `${paragraphs.filter((paragraph) => paragraph !== "").join("\n\n")}\n`;
}
