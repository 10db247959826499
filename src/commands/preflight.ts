/**
 * `bzman preflight`: every check that replicate makes first, each with its verdict and the command that fixes it.
 *
 * @module
 */

import { probeMailTransport } from "../alerting/probe_mail_transport.ts";
import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import { completeFault } from "../core/complete_next.ts";
import { exitStatus, Fault } from "../core/fault.ts";
import { type Finding, worstVerdict } from "../core/finding.ts";
import { checkLocal } from "../core/preflight/local_checks.ts";
import { plannedSnapshot } from "../core/replicate/make_snapshot.ts";
import { prepare } from "../core/replicate/prepare.ts";
import { Phases } from "../core/run/phases.ts";
import { probeRecord } from "../history/database/probe_record.ts";
import { findingLines } from "../render/preflight/finding_lines.ts";
import { findingsJson } from "../render/replicate/plan_json.ts";
import { jsonLine } from "../render/text/json_line.ts";
import type { Context } from "../session/context.ts";
import { openSession } from "../session/open_session.ts";
import { isOwnPlace, recordPath } from "../session/record_path.ts";
import { engineInput, enginePorts } from "../session/replication_ports.ts";
import type { Session } from "../session/session.ts";

/** Prints the verdicts; touches nothing. */
export async function preflight(
  settings: ReplicateSettings,
  common: CommonSettings,
  context: Context,
): Promise<number> {
  await using session = await openSession(common, context, { record: "none", syslog: false });
  const [local, sides] = await Promise.all([
    localFindings(common, session, context),
    sideFindings(settings, common, session, context),
  ]);
  const findings = [...local, ...sides];
  const verdict = worstVerdict(findings);
  if (common.json) {
    context.stdout.write(jsonLine({ verdict, findings: findingsJson(findings) }));
  } else {
    for (const line of findingLines(findings, context.stdout.columns)) context.stdout.write(`${line}\n`);
  }
  return verdict === "critical" ? exitStatus.refused : exitStatus.done;
}

async function sideFindings(
  settings: ReplicateSettings,
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const ports = enginePorts(settings, common, session, context, () => {});
  const input = engineInput(settings);
  const phases = new Phases(ports.monotonic, () => {});
  try {
    const prepared = await prepare(input, ports, phases, plannedSnapshot(input, ports), async () => {}, found);
    return prepared.findings;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { errorClass, what, where, why, next } = completeFault(error.parts, ports.job);
    // A refusal only repeats the first critical finding.
    if (found.some(({ check, verdict }) => check === errorClass && verdict === "critical")) return found;
    return [...found, {
      check: errorClass,
      where: where ?? context.hostname,
      verdict: "critical",
      text: why === undefined ? what : `${what}: ${why}`,
      ...(next === undefined ? {} : { next }),
    }];
  }
}

async function localFindings(common: CommonSettings, session: Session, context: Context): Promise<Finding[]> {
  const file = recordPath(common, context);
  return checkLocal({
    label: context.hostname,
    database: file,
    databaseError: probeRecord(file, { clock: context.clock, isOwnPlace: isOwnPlace(file, context) })?.message,
    logger: session.program("logger") !== undefined,
    mailTransport: await probeMailTransport(common, session, context),
  });
}
