/**
 * `bzman verify`: whether the copy is what the source is, as monitoring plugins tell it; mails when it is not.
 *
 * @module
 */

import { alertOnChecks } from "../alerting/check_alerts.ts";
import { jobCommandOf } from "../config/job_options.ts";
import type { CommonSettings, VerifySettings } from "../config/settings.ts";
import type { CheckedSubject } from "../core/alerts/check_alert.ts";
import { contentSubject } from "../core/alerts/job_alerts.ts";
import { type CheckFinding, worstOf } from "../core/check.ts";
import { matchesPattern } from "../core/exclusion.ts";
import { exitStatus, Fault } from "../core/fault.ts";
import { amountText } from "../core/verify/judge_content.ts";
import { plural } from "../core/verify/judge_trees.ts";
import { type Verification, verifyCopy, type VerifyInput } from "../core/verify/verify.ts";
import { noteLines } from "../render/check/check_text.ts";
import { bytesText } from "../render/text/bytes.ts";
import { verifyRowJson } from "../render/verify/verify_json.ts";
import { type VerifyRow, verifyTable } from "../render/verify/verify_table.ts";
import type { Context } from "../session/context.ts";
import { openSession } from "../session/open_session.ts";
import { reportCheck } from "../session/print_check.ts";
import { takeLock } from "../session/replication_ports.ts";
import { type Session, warnOfDatabaseErrors } from "../session/session.ts";

/** Compares SOURCE and TARGET. */
export async function verify(settings: VerifySettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "write", syslog: true });
  warnOfDatabaseErrors(session.history);
  const found = await alone(settings, session, context, () => compare(settings, common, session, context));
  const rows = rowsOf(found);
  const withContent = found.contents !== undefined;
  const findings = [...found.versionFindings, ...found.contentFindings];
  const exit = reportCheck(
    {
      findings,
      well: wellText(settings, found),
      table: (width) => verifyTable(rows, withContent, width),
      notes: noteLines(findings),
      json: {
        source: settings.source.text,
        target: settings.target.text,
        datasets: rows.map(verifyRowJson),
        onlyOnTarget: found.comparison.orphans,
        excluded: found.comparison.excluded,
      },
    },
    common,
    context,
  );
  await alertOnChecks(checksOf(settings, found), common, session, context);
  return exit;
}

async function compare(
  settings: VerifySettings,
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<Verification> {
  const { source, target } = settings;
  const { signal } = context;
  const ports = {
    source: session.hosts.at(source.host),
    target: session.hosts.at(target.host),
    clock: context.clock,
    random: Math.random,
    signal,
    ...(session.history.usable ? { knownSnapshots: session.history } : {}),
  };
  try {
    return await verifyCopy(inputOf(settings, common, session), ports);
  } catch (error) {
    // What a signal stopped fails in many ways, and ends in one.
    signal.throwIfAborted();
    throw error;
  }
}

function inputOf(settings: VerifySettings, common: CommonSettings, { history }: Session): VerifyInput {
  const { source, target, exclude, content, job } = settings;
  const arrived = history.latestDatasets(job, { onlySuccess: true });
  return {
    sourceTop: source.dataset,
    targetTop: target.dataset,
    isExcluded: (dataset) => exclude.some((pattern) => matchesPattern(dataset, source.dataset, pattern)),
    content,
    recorded: new Map(arrived.flatMap(({ target, toGuid }) => toGuid === undefined ? [] : [[target, toGuid] as const])),
    verdictInputs: {
      targetHost: target.host,
      job: jobCommandOf(settings, common),
      formatBytes: bytesText,
    },
  };
}

/**
 * Only one run at a time compares contents: two would put back the property of a volume under each other's feet.
 *
 * @throws {Fault} While another does.
 */
async function alone<T>(
  { content, job }: VerifySettings,
  session: Session,
  context: Context,
  work: () => Promise<T>,
): Promise<T> {
  if (content === undefined) return await work();
  const lock = await takeLock("verify", job, session, context);
  if (lock.kind === "held") {
    throw new Fault({
      errorClass: "locked",
      what: "contents are being compared already",
      why: lock.by,
      next: "wait for it, or compare GUIDs alone, without --content",
      exit: exitStatus.locked,
    });
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

function rowsOf({ comparison, contents, versionFindings, contentFindings }: Verification): VerifyRow[] {
  const findings = [...versionFindings, ...contentFindings];
  const verdicts = new Map<string, CheckFinding[]>();
  // A finding on contents names the snapshot too.
  for (const finding of findings) {
    const dataset = finding.subject.replace(/@.*$/s, "");
    verdicts.set(dataset, [...verdicts.get(dataset) ?? [], finding]);
  }
  const results = new Map(contents?.map(({ dataset, result }) => [dataset, result]));
  return comparison.datasets.map((dataset) => ({
    comparison: dataset,
    verdict: worstOf([
      ...(verdicts.get(dataset.source.name) ?? []).map(({ verdict }) => verdict),
      ...(dataset.state.kind === "missing" ? ["critical" as const] : []),
    ]),
    content: results.get(dataset.source.name),
  }));
}

function wellText({ job }: VerifySettings, { comparison, contents }: Verification): string {
  const inCommon = comparison.datasets.reduce((sum, { state }) => {
    return sum + (state.kind === "there" ? state.versions.inCommon : 0);
  }, 0);
  const versions = `${job}: ${plural(comparison.datasets.length)}, ${plural(inCommon, "snapshot")} in common`;
  if (contents === undefined) return versions;
  const locked = contents.filter(({ result }) => result.kind === "no-key").length;
  const unread = locked > 0 ? `; ${plural(locked)} not read (key not loaded)` : "";
  return `${versions}; ${amountText(contents)} compared${unread}`;
}

function checksOf(
  { job }: VerifySettings,
  { contents, versionFindings, contentFindings }: Verification,
): CheckedSubject[] {
  return [
    { kind: "verify", subject: job, findings: versionFindings },
    ...(contents === undefined
      ? []
      : [{ kind: "verify" as const, subject: contentSubject(job), findings: contentFindings }]),
  ];
}
