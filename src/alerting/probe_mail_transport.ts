/**
 * Whether mail has a way out, without sending any.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import type { Context } from "../session/context.ts";
import { mailTransport } from "./run_alerts.ts";
import type { MailTransport } from "../notify/mail/delivery.ts";
import type { Session } from "../session/session.ts";

/** How long the mail server of this machine may take to answer, in milliseconds. */
const limitMs = 5_000;

/** How the way out is called in messages, or `undefined` when there is none. */
export async function probeMailTransport(
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<string | undefined> {
  const transport = mailTransport(common, session, context);
  if (session.program("sendmail") !== undefined || common.mail.smtpUrl !== undefined) return wayText(transport);
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port: 25, signal: AbortSignal.timeout(limitMs) });
    return wayText(transport);
  } catch {
    return undefined;
  }
}

/** The way and how mail is protected on it: `mail.example.org:587 (TLS required)`. */
function wayText({ name, protection }: MailTransport): string {
  return protection === undefined ? name : `${name} (${protection})`;
}
