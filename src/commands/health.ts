/**
 * `bzman health`: whether pools are well, as monitoring plugins tell it; mails when one is not.
 *
 * @module
 */

import type { CommonSettings, HealthSettings } from "../config/settings.ts";
import { worstOf } from "../core/check.ts";
import { judgePool, type PoolInputs } from "../core/health/judge_pool.ts";
import type { PoolLook } from "../core/health/pool_look.ts";
import { scrubText } from "../core/health/scrub.ts";
import type { PoolSample } from "../core/pool_sample.ts";
import type { Checked } from "../core/tell_check.ts";
import { bytesText } from "../render/bytes.ts";
import { sampleJson } from "../render/check_json.ts";
import { noteLines } from "../render/check_text.ts";
import { durationText } from "../render/duration.ts";
import { type HealthRow, healthTable } from "../render/health_table.ts";
import { mailChecks } from "./check_mails.ts";
import { noPool, reportCheck } from "./check_report.ts";
import type { Context } from "./context.ts";
import { lookAll, type SampledLook } from "./pool_looks.ts";
import { openSession, type Session, warnOfTroubles } from "./session.ts";

/** Checks the health of pools. */
export async function health(settings: HealthSettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "write", syslog: true });
  warnOfTroubles(session.history);
  const looks = await lookAll(settings.pools, session, context);
  const judged = looks.map((sampled) => judge(sampled, settings, session, context));
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
  await mailChecks(judged.map(({ checked }) => checked), common, session, context);
  session.history.prune();
  return exit;
}

interface Judged {
  readonly checked: Checked;
  readonly row: HealthRow;
  readonly sample: PoolSample | undefined;
}

function judge(
  { look, label, sample }: SampledLook,
  settings: HealthSettings,
  session: Session,
  context: Context,
): Judged {
  const guid = sample?.poolGuid;
  const inputs: PoolInputs = {
    now: context.clock(),
    scrubAgeMs: settings.scrubAgeMs,
    recordedScrubAt: guid === undefined ? undefined : session.history.lastScrub(look.host, look.pool, guid),
    earlier: guid === undefined ? [] : earlierSamples(look, guid, session, context),
    show: { bytes: bytesText, duration: durationText },
  };
  const findings = judgePool(look, inputs);
  const row = {
    pool: label,
    verdict: worstOf(findings.map(({ verdict }) => verdict)),
    state: stateText(look),
    errors: sample === undefined ? "-" : errorsText(look, sample),
    scrub: look.kind === "seen" ? scrubText(look, inputs) : "-",
  };
  return { checked: { kind: "health", subject: label, findings }, row, sample };
}

/** How far back it is looked whether work on a pool stands still, in milliseconds. */
const lookBackMs = 86_400_000;

function earlierSamples({ host, pool }: PoolLook, guid: string, { history }: Session, context: Context): PoolSample[] {
  return history.poolSamples({ host, pool, since: context.clock() - lookBackMs })
    .filter(({ poolGuid }) => poolGuid === guid);
}

function stateText(look: PoolLook): string {
  return look.kind === "seen" ? look.status.state : look.kind === "suspended" ? "SUSPENDED" : look.kind;
}

function errorsText(look: PoolLook, { readErrors = 0, writeErrors = 0, checksumErrors = 0 }: PoolSample): string {
  if (look.kind !== "seen") return "-";
  const lost = look.status.dataErrors;
  const parts = [
    ...(lost === undefined || lost > 0n ? [`${lost ?? "?"} lost`] : []),
    ...(readErrors > 0 ? [`${readErrors} read`] : []),
    ...(writeErrors > 0 ? [`${writeErrors} write`] : []),
    ...(checksumErrors > 0 ? [`${checksumErrors} checksum`] : []),
  ];
  return parts.join(", ") || "none";
}

function wellText(labels: readonly string[]): string {
  return labels.length === 1 ? `${labels[0]} is well` : `${labels.length} pools are well: ${labels.join(", ")}`;
}
