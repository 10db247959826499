/**
 * Addresses of mail. Narrow on purpose: an address ends up in a header, in SMTP and on `sendmail`'s command line, and
 * each of them gives some characters a meaning.
 *
 * @module
 */

import { shown } from "./show.ts";

const localPart = /^[A-Za-z0-9_][A-Za-z0-9_.+=~-]{0,63}$/;
const domain = /^(?=.{1,253}$)[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62})*$/;

/** The longest that mail servers take, in characters. */
const longest = 254;

/**
 * Checks one address: `root`, or `ann@example.org`.
 *
 * @throws {SyntaxError} When it is none.
 */
export function parseMailAddress(text: string): string {
  const at = text.lastIndexOf("@");
  if (text.length > longest) throw new SyntaxError(`${shown(text)} is longer than a mail address can be`);
  const local = at < 0 ? text : text.slice(0, at);
  if (!localPart.test(local) || (at >= 0 && !domain.test(text.slice(at + 1)))) {
    throw new SyntaxError(`${shown(text)} is not a mail address; write a local user or ann@example.org`);
  }
  return text;
}

/**
 * Checks one or more addresses with commas between them.
 *
 * @throws {SyntaxError} When one is no address.
 */
export function parseMailAddresses(text: string): readonly string[] {
  return text.split(",").map((part) => parseMailAddress(part.trim()));
}
