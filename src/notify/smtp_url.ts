/**
 * Where a mail server is, from a URL such as `smtps://user:secret@mail.example.org`.
 *
 * @module
 */

/** A mail server and how to talk to it. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps://`). */
  readonly tls: boolean;
  /** `STARTTLS`: when the server offers it, always, or never. */
  readonly startTls: "offered" | "required" | "never";
  /** Whether the server's certificate must be valid. */
  readonly verify: boolean;
  readonly user?: string;
  readonly password?: string;
}

/** The mail server of this machine. A certificate for `localhost` is rarely valid, and nobody listens on the way. */
export const localServer: SmtpServer = { host: "localhost", port: 25, tls: false, startTls: "never", verify: false };

/**
 * Reads `smtp://[USER:PASSWORD@]HOST[:PORT]` or `smtps://…`, with the options `?starttls=required|never` and
 * `?verify=no`.
 *
 * @throws {SyntaxError} Says what is wrong with it, without repeating a password.
 */
export function parseSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "smtp:" && url.protocol !== "smtps:")) {
    throw new SyntaxError("the mail server must be given as smtp://HOST[:PORT] or smtps://HOST[:PORT]");
  }
  if (!/^(?:[\p{L}\p{N}._-]+|\[[0-9a-fA-F:.]+\])$/u.test(url.hostname)) {
    throw new SyntaxError("the mail server's URL has no valid host name");
  }
  if (url.pathname !== "" && url.pathname !== "/") {
    throw new SyntaxError("the mail server's URL must end after the port");
  }
  const tls = url.protocol === "smtps:";
  const user = decode(url.username);
  return {
    host: url.hostname.replaceAll(/[[\]]/g, ""),
    port: url.port === "" ? (tls ? 465 : user === "" ? 25 : 587) : Number(url.port),
    tls,
    startTls: startTls(url.searchParams, user !== ""),
    verify: choice(url.searchParams, "verify", ["yes", "no"]) !== "no",
    ...(user === "" ? {} : { user, password: decode(url.password) }),
  };
}

function startTls(options: URLSearchParams, hasPassword: boolean): SmtpServer["startTls"] {
  for (const name of options.keys()) {
    if (name !== "starttls" && name !== "verify") {
      throw new SyntaxError(`the mail server's URL has an unknown option ${JSON.stringify(name)}`);
    }
  }
  // A password is never sent in the clear unless asked for.
  return choice(options, "starttls", ["offered", "required", "never"]) ?? (hasPassword ? "required" : "offered");
}

function choice<T extends string>(options: URLSearchParams, name: string, values: readonly T[]): T | undefined {
  const given = options.get(name);
  if (given === null) return undefined;
  const value = values.find((known) => known === given);
  if (value === undefined) {
    throw new SyntaxError(`in the mail server's URL, ${name} must be one of ${values.join(", ")}`);
  }
  return value;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SyntaxError("the mail server's URL has a '%' in user or password that is not written as %25");
  }
}
