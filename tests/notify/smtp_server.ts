import { SMTPServer } from "smtp-server";

/** A mail that the server took. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly secure: boolean;
}

/** How the server behaves. */
export interface Behaviour {
  /** Recipients it refuses. */
  readonly refuse?: readonly string[];
  /** The status it refuses with. @default {550} */
  readonly code?: number;
  readonly user?: string;
  readonly password?: string;
  /** Offers STARTTLS with a certificate of its own making. */
  readonly startTls?: boolean;
  /** Called for every mail before the server says that it has taken it. */
  readonly onMail?: () => void;
}

/** Runs a test against a mail server on a free port. */
export async function withSmtpServer(
  behaviour: Behaviour,
  action: (port: number, mails: readonly TakenMail[]) => Promise<void>,
): Promise<void> {
  const mails: TakenMail[] = [];
  const server = new SMTPServer({
    disabledCommands: [...(behaviour.startTls ? [] : ["STARTTLS"]), ...(behaviour.user === undefined ? ["AUTH"] : [])],
    authOptional: behaviour.user === undefined,
    allowInsecureAuth: true,
    closeTimeout: 200,
    onAuth(auth, _session, callback) {
      const isRight = auth.username === behaviour.user && auth.password === behaviour.password;
      if (isRight) callback(null, { user: "ann" });
      else callback(new Error("wrong user or password"));
    },
    onRcptTo(address, _session, callback) {
      if (!behaviour.refuse?.includes(address.address)) return callback();
      callback(Object.assign(new Error("not here"), { responseCode: behaviour.code ?? 550 }));
    },
    onData(stream, session, callback) {
      const parts: Uint8Array[] = [];
      stream.on("data", (part: Uint8Array) => parts.push(part));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: new TextDecoder().decode(Buffer.concat(parts)),
          secure: session.secure,
        });
        behaviour.onMail?.();
        callback();
      });
    },
  });
  server.on("error", () => {});
  const listening = server.listen(0, "127.0.0.1");
  await new Promise<void>((resolve) => listening.once("listening", resolve));
  try {
    await action((listening.address() as { port: number }).port, mails);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
