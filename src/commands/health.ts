/**
 * `bzman health`: whether pools are well, as monitoring plugins tell it; mails when one is not.
 *
 * @module
 */

import { alertOnChecks } from "../alerting/check_alerts.ts";
import type { CommonSettings, HealthSettings } from "../config/settings.ts";
import type { CheckedSubject } from "../core/alerts/check_alert.ts";
import { worstOf } from "../core/check.ts";
import { judgePool, type PoolInputs } from "../core/health/judge_pool.ts";
import type { PoolInspection } from "../core/health/pool_inspection.ts";
import { scrubText } from "../core/health/scrub.ts";
import type { PoolSample } from "../core/pool_sample.ts";
import { inspectAndRecordPools, type RecordedInspection } from "../recording/inspect_and_record_pools.ts";
import { sampleJson } from "../render/check/check_json.ts";
import { noteLines } from "../render/check/check_text.ts";
import { type HealthRow, healthTable } from "../render/health/health_table.ts";
import { bytesText } from "../render/text/bytes.ts";
import { durationText } from "../render/text/duration.ts";
import type { Context } from "../session/context.ts";
import { openSession } from "../session/open_session.ts";
import { noPool, reportCheck } from "../session/print_check.ts";
import { type Session, warnOfDatabaseErrors } from "../session/session.ts";

/** Checks the health of pools. */
export async function health(settings: HealthSettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "write", syslog: true });
  warnOfDatabaseErrors(session.history);
  const inspections = await inspectAndRecordPools(settings.pools, session, context);
  const judged = inspections.map((sampled) => judge(sampled, settings, session, context));
  const findings = judged.length === 0 ? [noPool(context)] : judged.flatMap(({ checked }) => checked.findings);
  const exit = reportCheck(
    {
      findings,
      well: wellText(judged.map(({ checked }) => checked.subject)),
      table: (width) => healthTable(judged.map(({ row }) => row), width),
      notes: noteLines(findings),
      json: { pools: judged.flatMap(({ sample }) => sample ? [sampleJson(sample)] : []) },
    },
    common,
    context,
  );
  await alertOnChecks(judged.map(({ checked }) => checked), common, session, context);
  session.history.prune();
  return exit;
}

interface Judged {
  readonly checked: CheckedSubject;
  readonly row: HealthRow;
  readonly sample: PoolSample | undefined;
}

function judge(
  { inspection, label, sample }: RecordedInspection,
  settings: HealthSettings,
  session: Session,
  context: Context,
): Judged {
  const guid = sample?.poolGuid;
  const inputs: PoolInputs = {
    now: context.clock(),
    scrubAgeMs: settings.scrubAgeMs,
    recordedScrubAt: guid === undefined ? undefined : session.history.lastScrub(inspection.host, inspection.pool, guid),
    earlier: guid === undefined ? [] : earlierSamples(inspection, guid, session, context),
    format: { bytes: bytesText, duration: durationText },
  };
  const findings = judgePool(inspection, inputs);
  const row = {
    pool: label,
    verdict: worstOf(findings.map(({ verdict }) => verdict)),
    state: stateText(inspection),
    errors: sample === undefined ? "-" : errorsText(inspection, sample),
    scrub: inspection.kind === "answered" ? scrubText(inspection, inputs) : "-",
  };
  return { checked: { kind: "health", subject: label, findings }, row, sample };
}

/** How far back it is looked whether work on a pool stands still, in milliseconds. */
const lookBackMs = 86_400_000;

function earlierSamples(
  { host, pool }: PoolInspection,
  guid: string,
  { history }: Session,
  context: Context,
): PoolSample[] {
  return history.poolSamples({ host, pool, since: context.clock() - lookBackMs })
    .filter(({ poolGuid }) => poolGuid === guid);
}

function stateText(inspection: PoolInspection): string {
  return inspection.kind === "answered"
    ? inspection.status.state
    : inspection.kind === "suspended"
    ? "SUSPENDED"
    : inspection.kind;
}

function errorsText(
  inspection: PoolInspection,
  { readErrors = 0, writeErrors = 0, checksumErrors = 0 }: PoolSample,
): string {
  if (inspection.kind !== "answered") return "-";
  const lost = inspection.status.dataErrors;
  const parts = [
    ...(lost === undefined || lost > 0n ? [`${lost ?? "?"} lost`] : []),
    ...(readErrors > 0 ? [`${readErrors} read`] : []),
    ...(writeErrors > 0 ? [`${writeErrors} write`] : []),
    ...(checksumErrors > 0 ? [`${checksumErrors} checksum`] : []),
  ];
  return parts.join(", ") || "none";
}

function wellText(labels: readonly string[]): string {
  return labels.length === 1 ? `${labels[0]} is healthy` : `${labels.length} pools are healthy: ${labels.join(", ")}`;
}
