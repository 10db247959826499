/**
 * The one grammar of mail addresses. Narrow on purpose: an address ends up in a header, in SMTP and on `sendmail`'s
 * command line, and each of them gives some characters a meaning.
 *
 * @module
 */

const localPart = /^[A-Za-z0-9_][A-Za-z0-9_.+=~-]{0,63}$/;
/** Host names with `_` are none by RFC 1123, and there are machines that have them. */
const domain = /^(?=.{1,253}$)[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*$/;

/** The longest that mail servers take, in characters. */
const longest = 254;

/**
 * Checks one address: `root`, or `ann@example.org`.
 *
 * @returns The same text.
 * @throws {SyntaxError} When it is none.
 */
export function parseMailAddress(text: string): string {
  const at = text.lastIndexOf("@");
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  if (text.length > longest) throw new SyntaxError(`${shown} is longer than a mail address can be`);
  const local = at < 0 ? text : text.slice(0, at);
  if (!localPart.test(local) || (at >= 0 && !domain.test(text.slice(at + 1)))) {
    throw new SyntaxError(`${shown} is not a mail address; write a local user or ann@example.org`);
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

/** An address with a domain, as mail servers elsewhere want it: `root` on `alpha` becomes `root@alpha`. */
export function withDomain(address: string, domain: string): string {
  return address.includes("@") ? address : `${address}@${domain}`;
}

/**
 * The name of a machine as the domain of addresses and Message-IDs. A machine may be called what no domain is, such as
 * `(none)` where nobody named it, and must mail all the same.
 *
 * @returns At most 180 characters, so that an address with it is never too long.
 */
export function mailDomain(host: string): string {
  const labels = host.slice(0, 180).split(".")
    .map((label) => label.replaceAll(/[^A-Za-z0-9_-]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 63));
  return labels.filter((label) => label !== "").join(".") || "localhost";
}
