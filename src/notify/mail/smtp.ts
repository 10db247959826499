/**
 * Mail through SMTP.
 *
 * @module
 */

import type { Delivery, Envelope, MailTransport } from "./delivery.ts";
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import { protectionOf, type SmtpServer } from "../../smtp_url.ts";

/** An error as nodemailer makes it. */
interface SmtpError extends Error {
  readonly responseCode?: number;
  readonly rejected?: readonly string[];
}

/** The way through a mail server. */
export function smtpTransport(server: SmtpServer, domain: string): MailTransport {
  const isLocal = server.host === "localhost";
  return {
    name: `${server.host}:${server.port}`,
    protection: protectionOf(server),
    ...(isLocal ? {} : { domain }),
    lineEnd: "\r\n",
    send: (envelope, message, limitMs) => send(server, domain, envelope, message, limitMs),
  };
}

async function send(
  server: SmtpServer,
  domain: string,
  envelope: Envelope,
  message: Uint8Array,
  limitMs: number,
): Promise<Delivery> {
  const where = `${server.host}:${server.port}`;
  try {
    return await dialogue(server, domain, envelope, message, limitMs);
  } catch (error) {
    return { kind: "closed", error: `${where}: ${words(error)}${tlsHint(error, server)}` };
  }
}

/** What to write where TLS is required and the server cannot do it, or has a certificate that nobody vouches for. */
function tlsHint(error: unknown, { startTls, tls, verify }: SmtpServer): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  if (verify && /certificate|altnames/i.test(message ?? "")) {
    return "; if this certificate is the right one all the same, add ?verify=no to the URL";
  }
  if (code !== "ETLS" || tls || startTls !== "required") return "";
  return "; TLS is required for another host: if its mail may be readable on the way, add ?starttls=offered to the URL";
}

async function dialogue(
  server: SmtpServer,
  domain: string,
  envelope: Envelope,
  message: Uint8Array,
  limitMs: number,
): Promise<Delivery> {
  const { default: Connection } = await import("nodemailer/lib/smtp-connection");
  const connection = new Connection({
    host: server.host,
    port: server.port,
    name: domain,
    secure: server.tls,
    ignoreTLS: server.startTls === "never",
    requireTLS: server.startTls === "required",
    tls: { rejectUnauthorized: server.verify },
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    dnsTimeout: limitMs,
    socketCloseTimeout: 0,
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let answered = false;
  try {
    return await new Promise<Delivery>((resolve, reject) => {
      // The limits above start anew with every answer; this one is for the whole dialogue.
      timer = setTimeout(() => reject(new Error(`no end after ${Math.round(limitMs / 1000)} s`)), limitMs);
      connection.on("error", reject);
      connection.on("end", () => reject(new Error("the server closed the connection")));
      const converse = () => {
        connection.send({ from: envelope.from, to: [...envelope.to] }, Buffer.from(message), (error, info) => {
          answered = !connection.destroyed;
          if (error) resolve(classifyReply(error as SmtpError, envelope, server));
          else resolve(accepted(info.rejected, server, usedProtection(connection.secure, server)));
        });
      };
      connection.connect((error?: Error | null) => {
        if (error) return reject(error);
        if (server.user === undefined) return converse();
        const credentials = { user: server.user, pass: server.password ?? "" };
        connection.login({ credentials }, (error?: Error | null) => error ? reject(error) : converse());
      });
    });
  } finally {
    clearTimeout(timer);
    connection.removeAllListeners("end").removeAllListeners("error").on("error", () => {});
    if (answered) await goodbye(connection);
    connection.close();
  }
}

/** Says QUIT, so that the server does not log a lost connection, without waiting long for its answer. */
async function goodbye(connection: SMTPConnection): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 500);
    connection.once("end", () => resolve());
    connection.quit();
  });
  clearTimeout(timer);
}

/** What protected a mail that went out. */
function usedProtection(secure: boolean, { verify }: SmtpServer): string {
  if (!secure) return "without TLS";
  return verify ? "with TLS" : "with TLS, certificate not checked";
}

function accepted(rejected: readonly string[], server: SmtpServer, protection: string): Delivery {
  if (rejected.length === 0) return { kind: "sent", protection };
  return {
    kind: "refused",
    recipients: rejected,
    error: `${server.host}:${server.port} refuses ${rejected.join(", ")}`,
  };
}

/** A server that answers "no" refuses this mail; one that answers nothing, or "later" to everything, is no way out. */
function classifyReply(error: SmtpError, envelope: Envelope, server: SmtpServer): Delivery {
  const said = `${server.host}:${server.port}: ${words(error)}`;
  const code = error.responseCode ?? 0;
  if (code >= 450 && code !== 451 && code !== 452 && code !== 454 && code !== 530) {
    return { kind: "refused", recipients: error.rejected ?? envelope.to, error: said };
  }
  return { kind: "closed", error: said };
}

/** The words of an error; one that stands for several attempts (each address of a host) has none of its own. */
function words(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return [...new Set(error.errors.map(words))].join("; ");
  }
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, "; ");
}
