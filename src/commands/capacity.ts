/**
 * `bzman capacity`: how much space pools have and for how long, as monitoring plugins tell it; mails when it gets scarce.
 *
 * @module
 */

import { alertOnChecks } from "../alerting/check_alerts.ts";
import type { CapacitySettings, CommonSettings } from "../config/settings.ts";
import type { CheckedSubject } from "../core/alerts/check_alert.ts";
import { type Forecast, forecast } from "../core/capacity/forecast.ts";
import { freePercent, judgeCapacity } from "../core/capacity/judge_capacity.ts";
import { type CheckFinding, worstOf } from "../core/check.ts";
import { judgePool } from "../core/health/judge_pool.ts";
import type { PoolInspection } from "../core/health/pool_inspection.ts";
import { inspectAndRecordPools, type RecordedInspection } from "../recording/inspect_and_record_pools.ts";
import { capacityJson } from "../render/capacity/capacity_json.ts";
import { type CapacityRow, capacityTable } from "../render/capacity/capacity_table.ts";
import { noteLines } from "../render/check/check_text.ts";
import { bytesText } from "../render/text/bytes.ts";
import { durationText } from "../render/text/duration.ts";
import type { Context } from "../session/context.ts";
import { openSession } from "../session/open_session.ts";
import { noPool, reportCheck } from "../session/print_check.ts";
import { type Session, warnOfDatabaseErrors } from "../session/session.ts";
import type { DatasetName } from "../zfs/names/names.ts";
import { listSpaceLimits, type SpaceLimits } from "../zfs/pools/space_limits.ts";

/** Listing many datasets takes a while; a pool that hangs was left out before. Milliseconds. */
const listLimitMs = 60_000;
/** Samples of this time make a forecast, in milliseconds. */
const lookBackMs = 30 * 86_400_000;
const format = { bytes: bytesText, duration: durationText };

/** Checks the space of pools. */
export async function capacity(settings: CapacitySettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "write", syslog: true });
  warnOfDatabaseErrors(session.history);
  const inspections = await inspectAndRecordPools(settings.pools, session, context);
  const judged = await Promise.all(inspections.map((sampled) => judge(sampled, settings, session, context)));
  // A list of quotas that a signal cut short would look like one without any.
  context.signal.throwIfAborted();
  const findings = judged.length === 0 ? [noPool(context)] : judged.flatMap(({ checked }) => checked.findings);
  const exit = reportCheck(
    {
      findings,
      well: wellText(judged.map(({ row }) => row)),
      table: (width) => capacityTable(judged.map(({ row }) => row), width),
      notes: noteLines(findings),
      json: { pools: judged.map(({ row }) => capacityJson(row)) },
    },
    common,
    context,
  );
  // A pool that is suspended, silent or gone is trouble with its health: two mails would tell no more than one.
  const told = judged.filter(({ inspection }) => inspection.kind === "answered" || inspection.kind === "unreachable");
  await alertOnChecks(told.map(({ checked }) => checked), common, session, context);
  session.history.prune();
  return exit;
}

interface Judged {
  readonly inspection: PoolInspection;
  readonly checked: CheckedSubject;
  readonly row: CapacityRow;
}

async function judge(
  { inspection, label }: RecordedInspection,
  settings: CapacitySettings,
  session: Session,
  context: Context,
): Promise<Judged> {
  const expected = inspection.kind === "answered" ? forecastOf(inspection, session, context) : undefined;
  const findings = inspection.kind === "answered"
    ? judgeCapacity(inspection, {
      ...settings,
      forecast: expected,
      limits: await limitsOf(inspection, session, context),
      format,
    })
    : unseen(inspection, context);
  const seen = inspection.kind === "answered" ? inspection : undefined;
  return {
    inspection,
    checked: { kind: "capacity", subject: label, findings },
    row: {
      pool: label,
      verdict: worstOf(findings.map(({ verdict }) => verdict)),
      space: seen?.space,
      freePercent: seen && freePercent(seen),
      fragmentation: seen?.list.fragmentationPercent,
      forecast: expected,
    },
  };
}

function forecastOf({ host, pool }: PoolInspection, session: Session, context: Context): Forecast | undefined {
  const now = context.clock();
  return forecast(session.history.poolSamples({ host, pool, since: now - lookBackMs }), now);
}

/** A pool that cannot be looked at may be full or not: nothing can be told. Its health is another check. */
function unseen(inspection: PoolInspection, context: Context): CheckFinding[] {
  const inputs = { now: context.clock(), scrubAgeMs: Infinity, recordedScrubAt: undefined, earlier: [], format };
  return judgePool(inspection, inputs).map((finding) => ({ ...finding, verdict: "unknown" }));
}

async function limitsOf(
  inspection: PoolInspection,
  session: Session,
  context: Context,
): Promise<SpaceLimits[] | undefined> {
  const command = listSpaceLimits(inspection.pool as DatasetName);
  const host = session.hosts.at(inspection.isLocal ? undefined : inspection.host);
  const outcome = await host.run(command.argv, { timeoutMs: listLimitMs, signal: context.signal });
  if (outcome.status !== 0 || outcome.stopped) return undefined;
  try {
    return command.parse(outcome.stdout);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function wellText(rows: readonly CapacityRow[]): string {
  return rows.map(({ pool, freePercent, space }) =>
    `${pool} has ${space ? bytesText(space.availableBytes) : "?"} free, ${(freePercent ?? 0).toFixed(1)} %`
  ).join("; ");
}
