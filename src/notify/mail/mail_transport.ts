/**
 * Which way mail goes out.
 *
 * @module
 */

import { mailDomain, parseMailAddress } from "../../mail_address.ts";
import type { Delivery, MailTransport } from "./delivery.ts";
import { sendmailTransport } from "./sendmail.ts";
import { smtpTransport } from "./smtp.ts";
import { localServer, parseSmtpUrl } from "../../smtp_url.ts";

/** What the choice depends on. */
export interface MailTransportInputs {
  /** The configured mail server, or `undefined`. */
  readonly smtpUrl: string | undefined;
  /** The absolute path of `sendmail`, or `undefined` where there is none. */
  readonly sendmail: string | undefined;
  /** This machine's name. */
  readonly host: string;
}

/**
 * The configured mail server; else `sendmail`; else the mail server of this machine.
 *
 * @throws {SyntaxError} When the URL is wrong.
 */
export function chooseMailTransport(inputs: MailTransportInputs): MailTransport {
  const domain = mailDomain(inputs.host);
  if (inputs.smtpUrl !== undefined && inputs.smtpUrl !== "") return smtpTransport(parseSmtpUrl(inputs.smtpUrl), domain);
  if (inputs.sendmail !== undefined) return sendmailTransport(inputs.sendmail);
  return localTransport(smtpTransport(localServer, domain));
}

/** A fresh small system has neither `sendmail` nor a mail server: then what to do matters more than the error. */
function localTransport(transport: MailTransport): MailTransport {
  const hint = "this machine has no sendmail either: install a mail server, or name one with --smtp URL";
  return {
    ...transport,
    async send(envelope, message, limitMs): Promise<Delivery> {
      const delivery = await transport.send(envelope, message, limitMs);
      return delivery.kind === "closed" ? { ...delivery, error: `${delivery.error}; ${hint}` } : delivery;
    },
  };
}

/**
 * Who mails are from and for.
 *
 * @throws {SyntaxError} When an address is none.
 */
export function mailAddresses(
  settings: { readonly from: string | undefined; readonly to: readonly string[] },
  host: string,
): { readonly from: string; readonly to: readonly string[] } {
  const to = settings.to.length === 0 ? ["root"] : settings.to;
  return { from: parseMailAddress(settings.from ?? `bzman@${mailDomain(host)}`), to: to.map(parseMailAddress) };
}
