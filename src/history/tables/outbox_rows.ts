/**
 * Mails that wait to go out, as rows of the table `outbox`.
 *
 * @module
 */

import type { KeptMail, Mail, MailFailure } from "../../core/mail.ts";
import { all, change, type Database } from "../database/database.ts";
import { readNumber, readOptional, readText, type Row, timeColumn } from "../database/values.ts";

/** Keeps a mail; one that is already there under its Message-ID is not kept twice. */
export function insertMail(db: Database, mail: Mail, now: number): void {
  const sql = `INSERT OR IGNORE INTO outbox (message_id, kept_at, mail, subject, recipients, next_try_at)
    VALUES (?, ?, ?, ?, ?, ?)`;
  change(
    db,
    sql,
    mail.messageId,
    timeColumn(now),
    JSON.stringify(mail),
    mail.subject,
    JSON.stringify(mail.to),
    timeColumn(now),
  );
}

/** No claim is made for longer, in milliseconds: one that lasts longer is from before a clock was set back. */
const longestClaimMs = 3_600_000;
/** A mail in nobody's hands: its two values are this moment, and the last until which it can be claimed. */
const isFree = "sent_at IS NULL AND (claimed_until <= ? OR claimed_until > ?)";

/** Mails not yet sent and not claimed, oldest first; where there are many, those that were refused are left out. */
export function readWaiting(db: Database, now: number): KeptMail[] {
  const sql = `SELECT * FROM (SELECT id, mail, recipients, attempts, next_try_at, last_error, refused FROM outbox
    WHERE ${isFree} ORDER BY refused, id LIMIT 1000) ORDER BY id`;
  return all(db, sql, timeColumn(now), timeColumn(now + longestClaimMs)).map(readKept).filter((kept) =>
    kept !== undefined
  );
}

/** Takes a mail in hand until a time, so that two runs do not send it at once. */
export function claim(db: Database, id: number, now: number, until: number): boolean {
  const sql = `UPDATE outbox SET claimed_until = ? WHERE id = ? AND ${isFree}`;
  return change(db, sql, timeColumn(until), id, timeColumn(now), timeColumn(now + longestClaimMs)) === 1;
}

/** Notes that a mail went out; its text is not needed any more. */
export function setSent(db: Database, id: number, now: number): void {
  change(db, "UPDATE outbox SET sent_at = ?, mail = NULL, attempts = attempts + 1 WHERE id = ?", timeColumn(now), id);
}

/** Notes an attempt that failed. */
export function setFailed(db: Database, id: number, failure: MailFailure): void {
  const sql =
    `UPDATE outbox SET attempts = attempts + 1, claimed_until = 0, next_try_at = ?, last_error = ?, recipients = ?,
    refused = ?
    WHERE id = ? AND sent_at IS NULL`;
  const to = JSON.stringify(failure.to);
  change(db, sql, timeColumn(failure.nextTryAt), failure.error, to, failure.refused ? 1 : 0, id);
}

/** How many mails wait. */
export function countWaiting(db: Database): number {
  return readNumber(all(db, "SELECT count(*) AS waiting FROM outbox WHERE sent_at IS NULL")[0] ?? {}, "waiting");
}

function readKept(row: Row): KeptMail | undefined {
  try {
    return {
      id: readNumber(row, "id"),
      mail: JSON.parse(readText(row, "mail")) as Mail,
      to: JSON.parse(readText(row, "recipients")) as string[],
      attempts: readNumber(row, "attempts"),
      nextTryAt: readNumber(row, "next_try_at"),
      refused: readNumber(row, "refused") === 1,
      ...readOptional(row, { lastError: ["last_error", "text"] }),
    };
  } catch {
    // Damage in one mail must not hold up the others.
    return undefined;
  }
}
