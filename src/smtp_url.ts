/**
 * The one grammar of a mail server's URL, such as `smtps://user:secret@mail.example.org`. What is accepted where it is
 * typed can be sent with: both sides read it here.
 *
 * @module
 */

/** When `STARTTLS` is used: where the server offers it, always (else no mail goes out), or never. */
export type StartTls = "offered" | "required" | "never";

/** A mail server and how to talk to it. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps://`). */
  readonly tls: boolean;
  readonly startTls: StartTls;
  /** Whether the server's certificate must be valid. */
  readonly verify: boolean;
  readonly user?: string;
  readonly password?: string;
}

/** The mail server of this machine. A certificate for `localhost` is rarely valid, and nobody listens on the way. */
export const localServer: SmtpServer = { host: "localhost", port: 25, tls: false, startTls: "never", verify: false };

/** What may stand behind the host, as `?starttls=offered`. */
const options: Readonly<Record<string, readonly string[]>> = {
  starttls: ["offered", "required", "never"],
  verify: ["yes", "no"],
};

/**
 * Reads `smtp://[USER:PASSWORD@]HOST[:PORT]` or `smtps://…`, with the options `?starttls=offered|required|never` and
 * `?verify=yes|no`. Without `starttls`, TLS is required as soon as the host is another machine, or a password is sent.
 *
 * @throws {SyntaxError} Says which rule the text breaks, without showing the text, which may hold a password.
 */
export function parseSmtpUrl(text: string): SmtpServer {
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
  const host = url.hostname.replaceAll(/[[\]]/g, "");
  const tls = url.protocol === "smtps:";
  const user = decode(url.username);
  const startTls = url.searchParams.get("starttls") as StartTls | null;
  return {
    host,
    port: url.port === "" ? (tls ? 465 : user === "" ? 25 : 587) : Number(url.port),
    tls,
    startTls: startTls ?? (user !== "" || !isThisMachine(host) ? "required" : "offered"),
    // A certificate for this machine's own name is rarely valid, and nobody listens on the way.
    verify: (url.searchParams.get("verify") ?? (isThisMachine(host) && user === "" ? "no" : "yes")) === "yes",
    ...(user === "" ? {} : { user, password: decode(url.password) }),
  };
}

/** As {@linkcode parseSmtpUrl}, for settings, which keep the text. */
export function checkSmtpUrl(text: string): string {
  parseSmtpUrl(text);
  return text;
}

/** How the way to a server is protected, for messages. */
export function protectionOf({ tls, startTls, verify, host }: SmtpServer): string {
  const certificate = verify ? "" : ", certificate not checked";
  if (tls) return `TLS${certificate}`;
  switch (startTls) {
    case "required":
      return `TLS required${certificate}`;
    case "offered":
      return `TLS if the server offers it${certificate}`;
    case "never":
      return isThisMachine(host) ? "no TLS, on this machine" : "no TLS: readable on the way";
  }
}

function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function checkOption(name: string, value: string): void {
  const values = Object.hasOwn(options, name) ? options[name] : undefined;
  if (values === undefined) {
    throw new SyntaxError(`the URL has an unknown option; known are ${Object.keys(options).join(" and ")}`);
  }
  if (!values.includes(value)) throw new SyntaxError(`in the URL, ${name} must be one of ${values.join(", ")}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SyntaxError("the URL has a '%' in user or password that is not written as %25");
  }
}
