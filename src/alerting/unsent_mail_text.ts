/**
 * How much of a mail is printed that could not be sent.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import type { Mail } from "../core/mail.ts";
import type { Context } from "../session/context.ts";

/**
 * The mail, to be put behind the line that says why it did not go out. It is printed once: when it was tried for the
 * first time, and only where nothing else was printed (`--quiet`) and cron mails what is printed (no terminal).
 * Everywhere else the command has said the same already.
 *
 * @param attempts How often the mail had been tried before.
 * @returns Begins with a line end; empty where the line alone is enough.
 */
export function unsentMailText(
  mail: Pick<Mail, "subject" | "text">,
  { quiet }: Pick<CommonSettings, "quiet">,
  { stderr }: { readonly stderr: Pick<Context["stderr"], "isTerminal"> },
  attempts = 0,
): string {
  return quiet && !stderr.isTerminal && attempts === 0 ? `\n${mail.subject}\n${mail.text}` : "";
}
