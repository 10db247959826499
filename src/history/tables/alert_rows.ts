/**
 * The state of alerts, and the mails that go with a change of state.
 *
 * @module
 */

import type { AlertState } from "../../core/alerts/alert_state.ts";
import type { Mail } from "../../core/mail.ts";
import { all, change, type Database, first, transaction } from "../database/database.ts";
import { insertMail } from "./outbox_rows.ts";
import { readText, type Row, timeColumn } from "../database/values.ts";

/** An alert as the record knows it. */
export interface RecordedAlert {
  /** Such as `replicate tank>target`. */
  readonly key: string;
  /** One line: what is wrong. */
  readonly what: string;
  readonly state: AlertState;
}

/** What a decision about an alert changes. */
export interface AlertChange {
  /** `undefined` leaves the alert as it is. */
  readonly state: AlertState | undefined;
  readonly what: string;
  readonly mail?: Mail;
}

/**
 * Decides about an alert and keeps the outcome with its mail in one transaction, so that an alert never counts as
 * mailed without its mail being kept.
 */
export function changeAlert(
  db: Database,
  key: string,
  now: number,
  decide: (previous: AlertState | undefined) => AlertChange,
): void {
  transaction(db, () => {
    const { state, what, mail } = decide(readAlert(db, key)?.state);
    if (state !== undefined) writeAlert(db, { key, what, state });
    if (mail !== undefined) insertMail(db, mail, now);
  });
}

/** One alert, or `undefined` when nothing was ever wrong there. */
export function readAlert(db: Database, key: string): RecordedAlert | undefined {
  const row = first(db, "SELECT key, what, state FROM alerts WHERE key = ?", key);
  return row === undefined ? undefined : readRow(row);
}

/** The alerts that are open, the worst first. */
export function readOpenAlerts(db: Database): RecordedAlert[] {
  return all(db, "SELECT key, what, state FROM alerts WHERE open = 1 ORDER BY severity, since, key").map(readRow)
    .filter((alert) => alert !== undefined);
}

function writeAlert(db: Database, { key, what, state }: RecordedAlert): void {
  change(
    db,
    "INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    key,
    state.open ? 1 : 0,
    state.severity,
    state.errorClass,
    what,
    timeColumn(state.since),
    timeColumn(state.lastSeenAt),
    JSON.stringify(state),
  );
}

function readRow(row: Row): RecordedAlert | undefined {
  try {
    const state = JSON.parse(readText(row, "state")) as AlertState;
    return { key: readText(row, "key"), what: readText(row, "what"), state };
  } catch {
    // A state that cannot be read is as good as none: the trouble, if it lasts, is told anew.
    return undefined;
  }
}
