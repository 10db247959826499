/**
 * Composes the text of a mail that goes over the wire.
 *
 * @module
 */

import type { Mail } from "../../core/mail.ts";
import { parseMailAddress, withDomain } from "../../mail_address.ts";

export interface ComposeOptions {
  readonly lineEnd: "\n" | "\r\n";
  /** What recipients without a domain get. */
  readonly domain?: string | undefined;
}

/**
 * The mail as bytes: plain text alone, or text and HTML as alternatives with the images the HTML shows.
 *
 * @throws {SyntaxError} When an address is none.
 */
export async function composeMail(mail: Mail, options: ComposeOptions): Promise<Uint8Array> {
  // Loaded only when a mail is sent: it takes longer than all else of a short command.
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  // Addresses as objects: a bare "root" would be taken for a name without an address.
  const address = (text: string) => ({ name: "", address: parseMailAddress(text) });
  const recipients = mail.to.map((to) => options.domain === undefined ? to : withDomain(to, options.domain));
  const composer = new MailComposer({
    from: address(mail.from),
    to: recipients.map(address),
    subject: headerText(mail.subject),
    text: mail.text,
    ...(mail.html === undefined ? {} : { html: mail.html }),
    attachments: (mail.images ?? []).map((image) => ({
      cid: image.cid,
      filename: image.filename,
      contentType: image.contentType,
      content: Buffer.from(image.base64, "base64"),
      contentDisposition: "inline",
    })),
    messageId: checkMessageId(mail.messageId),
    date: new Date(mail.at),
    // Says that a program wrote it, so that no vacation responder answers.
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    newline: options.lineEnd,
    // Nothing in a mail may make the composer read a file or fetch a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}

/** A Message-ID that stays the same however often the mail is sent: `<UUID.NUMBER@host>`. */
export function makeMessageId(uuid: string, number: number, host: string): string {
  const domain = host.replaceAll(/[^A-Za-z0-9.-]/g, "-") || "localhost";
  return `<${uuid.replaceAll(/[^A-Za-z0-9.-]/g, "-")}.${number}@${domain}>`;
}

function checkMessageId(text: string): string {
  if (!/^<[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+>$/u.test(text)) {
    throw new SyntaxError(`${JSON.stringify(text)} is no Message-ID`);
  }
  return text;
}

/** One line without control characters. */
function headerText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").toWellFormed();
}
