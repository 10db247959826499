/**
 * Sends what a run has to tell: through the outbox, or directly when the record cannot be used.
 *
 * @module
 */

import type { Mail, OutboxStore } from "../../core/mail.ts";
import type { MailTransport } from "./delivery.ts";
import { type OutboxLimits, sendWaiting } from "./outbox.ts";
import { sendMail } from "./send_mail.ts";

/** A mail that did not go out. */
export interface Unsent {
  readonly mail: Mail;
  readonly error: string;
  /** True when a later run tries again; false when it is lost unless it is printed. */
  readonly kept: boolean;
  /** How often it had been tried before. */
  readonly attempts: number;
}

/** What became of the mails. */
export interface DeliveryReport {
  readonly sent: readonly Mail[];
  readonly unsent: readonly Unsent[];
}

/**
 * Sends mails that were not kept directly, then whatever waits in the outbox. Never throws, and ends within the limits.
 *
 * @param direct Mails that the record could not keep.
 * @param clock Milliseconds since 1970.
 */
export async function deliver(
  store: OutboxStore,
  transport: MailTransport,
  direct: readonly Mail[],
  clock: () => number,
  limits: OutboxLimits = {},
): Promise<DeliveryReport> {
  const sent: Mail[] = [];
  const unsent: Unsent[] = [];
  for (const mail of direct) {
    const delivery = await sendMail(transport, mail, mail.to, limits.mailMs);
    if (delivery.kind === "sent") sent.push(mail);
    else unsent.push({ mail, error: delivery.error, kept: false, attempts: 0 });
  }
  const report = await sendWaiting(store, transport, clock, limits);
  return {
    sent: [...sent, ...report.sent],
    unsent: [...unsent, ...report.waiting.map((waiting) => ({ ...waiting, kept: true }))],
  };
}
