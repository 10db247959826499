/**
 * The outbox: every mail is kept in the record first, then tried; what cannot go out is tried by later runs, with
 * growing pauses, until it does. A mail may come twice (with the same Message-ID), but never not at all.
 *
 * @module
 */

import type { KeptMail, Mail, OutboxStore } from "../../core/mail.ts";
import type { Delivery, MailTransport } from "./delivery.ts";
import { mailMs, sendMail } from "./send_mail.ts";

/** What one round of sending did. */
export interface OutboxReport {
  /** Mails that everyone has now got. */
  readonly sent: readonly Mail[];
  /** Mails that were tried and have to wait; `attempts`: how often each had been tried before this round. */
  readonly waiting: readonly { readonly mail: Mail; readonly error: string; readonly attempts: number }[];
}

/** Limits of one round, so that mail never holds up a run for long. */
export interface OutboxLimits {
  /** The most a round may take, in milliseconds. @default {60000} */
  readonly totalMs?: number;
  /** The most one mail may take, in milliseconds. @default {20000} */
  readonly mailMs?: number;
  /** The most mails in one round. @default {50} */
  readonly mails?: number;
}

const longestPauseMs = 3_600_000;

/** The pause after so many failed attempts before this one, in milliseconds: 1, 2, 4, … minutes, at most an hour. */
export function pauseMs(attempts: number): number {
  return Math.min(longestPauseMs, 60_000 * 2 ** Math.min(attempts, 10));
}

/** A claim outlives the longest attempt, so that only that of a killed process is ever taken over. */
const claimMs = 120_000;

/**
 * Sends the mails that wait, oldest first, those that were refused before at the end.
 *
 * A mail that is due opens the round; then every other that failed for want of a way out is tried too, since the way
 * may be open again. A way that is closed ends the round, after one more try with the newest mail: were only the oldest
 * tried, one that a server cannot digest would hold up all others for ever.
 *
 * @param clock Milliseconds since 1970.
 */
export async function sendWaiting(
  store: OutboxStore,
  transport: MailTransport,
  clock: () => number,
  limits: OutboxLimits = {},
): Promise<OutboxReport> {
  const started = clock();
  const sent: Mail[] = [];
  const waiting: { mail: Mail; error: string; attempts: number }[] = [];
  const report = { sent, waiting };
  let closed = 0;
  for (const kept of order(store.waitingMails(started), started, limits.mails ?? 50, () => closed > 0)) {
    const left = started + (limits.totalMs ?? 60_000) - clock();
    if (left < 1_000) break;
    if (!store.claimMail(kept.id, clock(), clock() + claimMs)) continue;
    const delivery = await sendMail(transport, kept.mail, kept.to, Math.min(left, limits.mailMs ?? mailMs));
    note(store, kept, delivery, clock());
    if (delivery.kind === "sent") sent.push(kept.mail);
    else waiting.push({ mail: kept.mail, error: delivery.error, attempts: kept.attempts });
    if (delivery.kind === "closed") closed += 1;
    if (closed > 1) break;
  }
  return report;
}

/**
 * The mails of a round: oldest first until the way out is found closed, then the newest. Those that were refused before
 * come last: a recipient who is gone must not use up every round.
 */
function* order(all: readonly KeptMail[], now: number, most: number, isClosed: () => boolean): Generator<KeptMail> {
  // A clock that was set back must not silence the outbox.
  const isDue = ({ nextTryAt }: KeptMail) => nextTryAt <= now || nextTryAt > now + 2 * longestPauseMs;
  if (!all.some(isDue)) return;
  const candidates = all.filter((kept) => isDue(kept) || !kept.refused);
  const newest = candidates.at(-1);
  const queue = [...candidates.filter(({ refused }) => !refused), ...candidates.filter(({ refused }) => refused)];
  for (const kept of queue.slice(0, most)) {
    yield kept;
    if (!isClosed()) continue;
    if (newest !== undefined && newest !== kept) yield newest;
    return;
  }
}

function note(store: OutboxStore, kept: KeptMail, delivery: Delivery, now: number): void {
  if (delivery.kind === "sent") return store.mailSent(kept.id, now);
  const refused = delivery.kind === "refused";
  const to = refused ? delivery.recipients : kept.to;
  store.mailFailed(kept.id, { error: delivery.error, nextTryAt: now + pauseMs(kept.attempts), to, refused });
}
