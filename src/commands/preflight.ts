/**
 * `bzman preflight`: every check that replicate makes first, each with its verdict and the command that mends it.
 *
 * @module
 */

import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import { plannedSnapshot } from "../core/engine/make_snapshot.ts";
import { Phases } from "../core/engine/phases.ts";
import { prepare } from "../core/engine/prepare.ts";
import { exitStatus, Fault } from "../core/fault.ts";
import { type Finding, worstVerdict } from "../core/finding.ts";
import { wholeFault } from "../core/next_text.ts";
import { checkLocal } from "../core/preflight/local_checks.ts";
import { probeRecord } from "../history/probe.ts";
import { findingLines } from "../render/finding_lines.ts";
import { findingsJson } from "../render/plan_json.ts";
import type { Context } from "./context.ts";
import { engineInput, enginePorts } from "./engine_ports.ts";
import { mailProbe } from "./mail_probe.ts";
import { isOwnPlace, openSession, recordPath, type Session } from "./session.ts";
import { jsonLine } from "../render/json_line.ts";

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
    const { errorClass, what, where, why, next } = wholeFault(error.parts, ports.job);
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
    databaseTrouble: probeRecord(file, { clock: context.clock, isOwnPlace: isOwnPlace(file, context) })?.message,
    logger: session.program("logger") !== undefined,
    mailWay: await mailProbe(common, session, context),
  });
}
