/**
 * Sends one mail.
 *
 * @module
 */

import type { Mail } from "../../core/mail.ts";
import { parseMailAddress, withDomain } from "../../mail_address.ts";
import type { Delivery, MailTransport } from "./delivery.ts";
import { composeMail } from "./mime.ts";

/** The most one mail may take, in milliseconds. */
export const mailMs = 20_000;

/**
 * Composes and sends a mail. Never throws.
 *
 * @param to Who must still get it; by default everyone the mail is for.
 * @param limitMs The most it may take, in milliseconds.
 */
export async function sendMail(
  transport: MailTransport,
  mail: Mail,
  to: readonly string[] = mail.to,
  limitMs: number = mailMs,
): Promise<Delivery> {
  try {
    const message = await composeMail(mail, { lineEnd: transport.lineEnd, domain: transport.domain });
    // Back from the address the server knows to the one the mail knows.
    const known = new Map(
      to.map((text) => [transport.domain === undefined ? text : withDomain(text, transport.domain), text]),
    );
    const recipients = [...known.keys()].map(parseMailAddress);
    const delivery = await transport.send({ from: parseMailAddress(mail.from), to: recipients }, message, limitMs);
    if (delivery.kind !== "refused") return delivery;
    return { ...delivery, recipients: delivery.recipients.map((text) => known.get(text) ?? text) };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { kind: "refused", recipients: to, error: `the mail cannot be composed: ${words}` };
  }
}
