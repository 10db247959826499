/**
 * Mail addresses.
 *
 * @module
 */

/**
 * Checks a mail address: `root`, `ann@example.org`. Strict, because it ends up in a header, in the dialogue with a mail
 * server and in the arguments of `sendmail`: no spaces, no quotes, no control characters, no leading dash.
 *
 * @returns The same text.
 * @throws {SyntaxError} Says what is wrong with it.
 */
export function checkAddress(text: string): string {
  const shown = JSON.stringify(text);
  if (text.length > 254) throw new SyntaxError(`${shown} is too long for a mail address`);
  if (text.startsWith("-")) throw new SyntaxError(`${shown} is not a mail address: it begins with '-'`);
  const [local, domain, more] = text.split("@");
  if (more !== undefined) throw new SyntaxError(`${shown} is not a mail address: it has more than one '@'`);
  if (!/^[\p{L}\p{N}.!#$%&'*+\/=?^_`{|}~-]{1,64}$/u.test(local ?? "")) {
    throw new SyntaxError(`${shown} is not a mail address; write it as ann@example.org, or root for a local user`);
  }
  if (domain !== undefined && !/^(?:[\p{L}\p{N}_-]+\.)*[\p{L}\p{N}_-]+$|^\[[0-9a-fA-F.:]+\]$/u.test(domain)) {
    throw new SyntaxError(`${shown} is not a mail address: its part after '@' is not a host name`);
  }
  return text;
}

/** An address with a domain, as mail servers elsewhere want it: `root` on `alpha` becomes `root@alpha`. */
export function withDomain(address: string, domain: string): string {
  return address.includes("@") ? address : `${address}@${domain}`;
}

/**
 * The name of a machine as the domain of addresses and Message-IDs. A machine may be called what no domain is, such as
 * `(none)` where nobody named it, and must mail all the same.
 */
export function mailDomain(host: string): string {
  const labels = host.split(".").map((label) => label.replaceAll(/[^\p{L}\p{N}_-]+/gu, "-").replaceAll(/^-+|-+$/g, ""));
  return labels.filter((label) => label !== "").join(".") || "localhost";
}
