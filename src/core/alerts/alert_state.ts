/**
 * The life of an alert: a new trouble mails at once, the same trouble is folded into a reminder, a worse one mails
 * again, and its end mails once. Pure: the state goes in, the next state and the mail to send come out.
 *
 * @module
 */

import { warnTimes } from "../lag.ts";

/** How bad a trouble is. */
export type Severity = "warning" | "critical";

/** What a check or a run found. */
export interface Observation {
  readonly severity: "ok" | Severity;
  /** A short stable name of the trouble; another name is another trouble. */
  readonly errorClass?: string;
}

/** Why a mail goes out. */
export type AlertMail = "new" | "changed" | "worse" | "reminder" | "flapping" | "recovered";

/** What is remembered of one alert between runs. Every time is in milliseconds since 1970. */
export interface AlertState {
  readonly open: boolean;
  /** The severity seen last. */
  readonly severity: Severity;
  /** The severity that the last mail told: only worse than this is news. */
  readonly mailedSeverity: Severity;
  readonly errorClass: string;
  /** When this episode of trouble began. */
  readonly since: number;
  readonly lastSeenAt: number;
  readonly lastMailAt: number;
  /** How often trouble was seen in this episode. */
  readonly seen: number;
  /** How often since the last mail. */
  readonly folded: number;
  /** When each class was last mailed in this episode, so that two troubles that take turns do not mail every time. */
  readonly mailedClasses: Readonly<Record<string, number>>;
  /** When the latest episodes began. */
  readonly openings: readonly number[];
  /** Trouble comes and goes: its end is only believed after a while. */
  readonly flapping: boolean;
  /** Since when all has been well, while that is not yet believed. */
  readonly okSince?: number;
}

/** The state after an observation, and the mail it asks for. */
export interface AlertDecision {
  readonly state: AlertState | undefined;
  readonly mail?: AlertMail;
}

/** The time after which the same trouble is told again. */
export const reminderMs = 6 * 3_600_000;
/** Trouble that begins so often within {@link reminderMs} is flapping. */
export const flapOpenings = 3;
/** How long a flapping alert must be well before its end is told. */
export const calmMs = 3_600_000;

const rank: Readonly<Record<Severity, number>> = { warning: 1, critical: 2 };

/** What to remember and whether to mail, after something was seen at `now` (milliseconds since 1970). */
export function nextAlert(previous: AlertState | undefined, seen: Observation, now: number): AlertDecision {
  if (seen.severity === "ok") return previous?.open ? seenWell(previous, now) : { state: previous };
  const errorClass = seen.errorClass ?? "problem";
  return previous?.open
    ? stillOpen(previous, seen.severity, errorClass, now)
    : opened(previous, seen.severity, errorClass, now);
}

function seenWell(state: AlertState, now: number): AlertDecision {
  const okSince = state.okSince ?? now;
  // A clock set back must not keep an alert open for ever.
  const settled = !state.flapping || now - okSince >= calmMs || now < okSince;
  if (!settled) return { state: { ...state, okSince, lastSeenAt: now } };
  const { okSince: _, ...rest } = state;
  const openings = state.flapping ? [] : state.openings;
  return { state: { ...rest, open: false, flapping: false, openings, lastSeenAt: now }, mail: "recovered" };
}

function opened(
  previous: AlertState | undefined,
  severity: Severity,
  errorClass: string,
  now: number,
): AlertDecision {
  const recent = (previous?.openings ?? []).filter((at) => at <= now && now - at < reminderMs);
  const openings = [...recent, now];
  const flapping = openings.length >= flapOpenings;
  return {
    state: {
      open: true,
      severity,
      mailedSeverity: severity,
      errorClass,
      since: now,
      lastSeenAt: now,
      lastMailAt: now,
      seen: 1,
      folded: 0,
      mailedClasses: { [errorClass]: now },
      openings,
      flapping,
    },
    mail: flapping ? "flapping" : "new",
  };
}

function stillOpen(state: AlertState, severity: Severity, errorClass: string, now: number): AlertDecision {
  const { okSince: _, ...rest } = state;
  const next = { ...rest, severity, errorClass, lastSeenAt: now, seen: state.seen + 1 };
  const mail = mailOf(state, severity, errorClass, now);
  if (mail === undefined) return { state: { ...next, folded: state.folded + 1 } };
  const mailedClasses = { ...state.mailedClasses, [errorClass]: now };
  return { state: { ...next, mailedSeverity: severity, lastMailAt: now, folded: 0, mailedClasses }, mail };
}

function mailOf(state: AlertState, severity: Severity, errorClass: string, now: number): AlertMail | undefined {
  if (rank[severity] > rank[state.mailedSeverity]) return "worse";
  const mailedAt = state.mailedClasses[errorClass];
  if (mailedAt === undefined) return "changed";
  // Also when the clock was set back: better one mail too many than silence.
  return now - mailedAt >= reminderMs || now < mailedAt ? "reminder" : undefined;
}

/** The alert of what is looked at no more: closed without a mail. Should it be looked at again, its trouble is new. */
export function closedAlert(state: AlertState, now: number): AlertState {
  const { okSince: _, ...rest } = state;
  return { ...rest, open: false, flapping: false, openings: [], lastSeenAt: now };
}

/** An alert that nobody has looked at for so long is about something that is watched no more, in milliseconds. */
const forgottenMs = 30 * 86_400_000;

/** Whether an open alert is about what is watched no more, such as a pool that is gone: nobody will ever close it. */
export function isForgotten({ lastSeenAt }: AlertState, now: number): boolean {
  return now - lastSeenAt >= forgottenMs;
}

/** The objective of a job that somebody else tells of: no lag is known to be too long. */
export const unknownObjective = Infinity;

/**
 * How bad a failed run is: a warning while the last success is recent, critical when there is none or it is older than
 * six times the objective, the same limits that `status` applies to the lag.
 *
 * @param lastSuccessAt When the job last succeeded, milliseconds since 1970.
 * @param objectiveMs The lag to stay below, or {@link unknownObjective}: then only a job that never succeeded is critical.
 */
export function failureSeverity(lastSuccessAt: number | undefined, now: number, objectiveMs = 600_000): Severity {
  // A success of the future is of a clock that was set back since: nobody knows how long ago it was.
  return lastSuccessAt !== undefined && Math.abs(now - lastSuccessAt) < 6 * objectiveMs ? "warning" : "critical";
}

/**
 * Whether mails about failing runs speak for the lag too. Only while runs go on failing: a failure of long ago reminds
 * nobody, since no run comes to repeat it. The limit is the time between reminders, or twice the objective where that is
 * longer, so that a job which fails once a day is told of by its runs alone.
 *
 * @param runs The alert of the job's runs.
 * @param now Milliseconds since 1970.
 * @param objectiveMs The lag to stay below, in milliseconds.
 */
export function runAlertCoversLag(runs: AlertState | undefined, now: number, objectiveMs: number): boolean {
  if (!runs?.open) return false;
  const ago = now - runs.lastSeenAt;
  // One of the future is of a clock that was set back since: better one mail too many than silence.
  return ago >= 0 && ago < Math.max(reminderMs, warnTimes * objectiveMs);
}
