/**
 * The way to an SMTP server: `smtp://mail.example.org:587`, `smtps://user:secret@mail.example.org`.
 *
 * @module
 */

/**
 * Checks the URL of an SMTP server. Messages never show the text, which may hold a password.
 *
 * @throws {SyntaxError} Says which rule the text breaks.
 */
export function parseSmtpUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^[\x21-\x7e]+$/.test(text)) {
    throw new SyntaxError("this is not a URL; write smtp://HOST:PORT, or smtps://USER:PASSWORD@HOST");
  }
  if (url.protocol !== "smtp:" && url.protocol !== "smtps:") {
    throw new SyntaxError("the URL begins neither with smtp:// nor with smtps://");
  }
  if (!/^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/.test(url.hostname) || url.hostname.startsWith("-")) {
    throw new SyntaxError("the URL names no host; write smtp://HOST:PORT");
  }
  if ((url.pathname !== "" && url.pathname !== "/") || url.hash !== "") {
    throw new SyntaxError("the URL has something behind the host; write smtp://HOST:PORT");
  }
  return text;
}
