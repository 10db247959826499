/**
 * `bzman capacity`: how much space pools have and for how long, as monitoring plugins tell it; mails when it gets scarce.
 *
 * @module
 */

import type { CapacitySettings, CommonSettings } from "../config/settings.ts";
import { type Forecast, forecast } from "../core/capacity/forecast.ts";
import { freePercent, judgeCapacity } from "../core/capacity/judge_capacity.ts";
import { type CheckFinding, worstOf } from "../core/check.ts";
import { judgePool } from "../core/health/judge_pool.ts";
import type { PoolLook } from "../core/health/pool_look.ts";
import type { Checked } from "../core/tell_check.ts";
import { bytesText } from "../render/bytes.ts";
import { capacityJson } from "../render/capacity_json.ts";
import { type CapacityRow, capacityTable } from "../render/capacity_table.ts";
import { durationText } from "../render/duration.ts";
import { noteLines } from "../render/check_text.ts";
import type { DatasetName } from "../zfs/names.ts";
import { listSpaceLimits, type SpaceLimits } from "../zfs/space_limits.ts";
import { mailChecks } from "./check_mails.ts";
import { noPool, reportCheck } from "./check_report.ts";
import type { Context } from "./context.ts";
import { lookAll, type SampledLook } from "./pool_looks.ts";
import { openSession, type Session, warnOfTroubles } from "./session.ts";

/** Listing many datasets takes a while; a pool that hangs was left out before. Milliseconds. */
const listLimitMs = 60_000;
/** Samples of this time make a forecast, in milliseconds. */
const lookBackMs = 30 * 86_400_000;
const show = { bytes: bytesText, duration: durationText };

/** Checks the space of pools. */
export async function capacity(settings: CapacitySettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "write", syslog: true });
  warnOfTroubles(session.history);
  const looks = await lookAll(settings.pools, session, context);
  const judged = await Promise.all(looks.map((sampled) => judge(sampled, settings, session, context)));
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
  const told = judged.filter(({ look }) => look.kind === "seen" || look.kind === "unreachable");
  await mailChecks(told.map(({ checked }) => checked), common, session, context);
  session.history.prune();
  return exit;
}

interface Judged {
  readonly look: PoolLook;
  readonly checked: Checked;
  readonly row: CapacityRow;
}

async function judge(
  { look, label }: SampledLook,
  settings: CapacitySettings,
  session: Session,
  context: Context,
): Promise<Judged> {
  const ahead = look.kind === "seen" ? forecastOf(look, session, context) : undefined;
  const findings = look.kind === "seen"
    ? judgeCapacity(look, { ...settings, forecast: ahead, limits: await limitsOf(look, session, context), show })
    : unseen(look, context);
  const seen = look.kind === "seen" ? look : undefined;
  return {
    look,
    checked: { kind: "capacity", subject: label, findings },
    row: {
      pool: label,
      verdict: worstOf(findings.map(({ verdict }) => verdict)),
      space: seen?.space,
      freePercent: seen && freePercent(seen),
      fragmentation: seen?.list.fragmentationPercent,
      forecast: ahead,
    },
  };
}

function forecastOf({ host, pool }: PoolLook, session: Session, context: Context): Forecast | undefined {
  const now = context.clock();
  return forecast(session.history.poolSamples({ host, pool, since: now - lookBackMs }), now);
}

/** A pool that cannot be looked at may be full or not: nothing can be told. Its health is another check. */
function unseen(look: PoolLook, context: Context): CheckFinding[] {
  const inputs = { now: context.clock(), scrubAgeMs: Infinity, recordedScrubAt: undefined, earlier: [], show };
  return judgePool(look, inputs).map((finding) => ({ ...finding, verdict: "unknown" }));
}

async function limitsOf(look: PoolLook, session: Session, context: Context): Promise<SpaceLimits[] | undefined> {
  const command = listSpaceLimits(look.pool as DatasetName);
  const host = session.hosts.at(look.isLocal ? undefined : look.host);
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
