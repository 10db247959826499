/**
 * The way to an SMTP server: `smtp://mail.example.org:587`, `smtps://user:secret@mail.example.org`.
 *
 * @module
 */

/** What may stand behind the host, as `?starttls=required`. */
const options: Readonly<Record<string, readonly string[]>> = {
  starttls: ["offered", "required", "never"],
  verify: ["yes", "no"],
};

/**
 * Checks the URL of an SMTP server. Messages never show the text, which may hold a password. What passes here can be
 * sent with: were it refused only then, a run would have failed and nobody would be told.
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
  if (url.port === "0") throw new SyntaxError("the URL's port is 0; write smtp://HOST:PORT");
  for (const [name, value] of url.searchParams) checkOption(name, value);
  if (!isDecodable(url.username) || !isDecodable(url.password)) {
    throw new SyntaxError("the URL has a '%' in user or password that is not written as %25");
  }
  return text;
}

function checkOption(name: string, value: string): void {
  const values = Object.hasOwn(options, name) ? options[name] : undefined;
  if (values === undefined) {
    throw new SyntaxError(`the URL has an unknown option; known are ${Object.keys(options).join(" and ")}`);
  }
  if (!values.includes(value)) throw new SyntaxError(`in the URL, ${name} must be one of ${values.join(", ")}`);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
