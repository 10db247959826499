/**
 * Whether mail has a way out, without sending any.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import type { Context } from "./context.ts";
import { mailWay } from "./run_mails.ts";
import type { MailWay } from "../notify/delivery.ts";
import type { Session } from "./session.ts";

/** How long the mail server of this machine may take to answer, in milliseconds. */
const limitMs = 5_000;

/** How the way out is called in messages, or `undefined` when there is none. */
export async function mailProbe(
  common: CommonSettings,
  session: Session,
  context: Context,
): Promise<string | undefined> {
  const way = mailWay(common, session, context);
  if (session.program("sendmail") !== undefined || common.mail.smtpUrl !== undefined) return wayText(way);
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port: 25, signal: AbortSignal.timeout(limitMs) });
    return wayText(way);
  } catch {
    return undefined;
  }
}

/** The way and how mail is protected on it: `mail.example.org:587 (TLS required)`. */
function wayText({ name, protection }: MailWay): string {
  return protection === undefined ? name : `${name} (${protection})`;
}
