import assert from "node:assert/strict";
import type { Delivery } from "../../../src/notify/mail/delivery.ts";
import { sendMail } from "../../../src/notify/mail/send_mail.ts";
import { smtpTransport } from "../../../src/notify/mail/smtp.ts";
import type { SmtpServer } from "../../../src/smtp_url.ts";
import { sampleMail } from "../sample_mail.ts";
import { withSmtpServer } from "../smtp_server.ts";

const plain: Omit<SmtpServer, "port"> = { host: "127.0.0.1", tls: false, startTls: "never", verify: false };

function send(
  port: number,
  to: readonly string[] = ["root"],
  limitMs = 3_000,
  server: Partial<SmtpServer> = {},
): Promise<Delivery> {
  return sendMail(smtpTransport({ ...plain, port, ...server }, "alpha.example"), sampleMail({ to }), to, limitMs);
}

Deno.test("a server takes the mail, with its envelope and its own domain", () =>
  withSmtpServer({}, async (port, mails) => {
    assert.deepEqual(await send(port, ["root", "ann@example.org"]), { kind: "sent", protection: "without TLS" });
    assert.equal(mails.length, 1);
    assert.equal(mails[0]?.from, "bzman@alpha.example");
    assert.deepEqual(mails[0]?.to, ["root@alpha.example", "ann@example.org"]);
    assert.match(mails[0]?.text ?? "", /what: it failed\r?\n\.\r?\nFrom here on/);
  }));

Deno.test("a server that refuses one recipient delivers to the others", () =>
  withSmtpServer({ refuse: ["root@alpha.example"] }, async (port, mails) => {
    const delivery = await send(port, ["root", "ann@example.org"]);
    assert.equal(delivery.kind, "refused");
    assert.deepEqual(delivery.kind === "refused" && delivery.recipients, ["root"]);
    assert.deepEqual(mails[0]?.to, ["ann@example.org"]);
  }));

Deno.test("a server that refuses everyone, or the mail itself", () =>
  withSmtpServer({ refuse: ["root@alpha.example"] }, async (port, mails) => {
    const delivery = await send(port);
    assert.equal(delivery.kind, "refused");
    assert.match(delivery.kind === "refused" ? delivery.error : "", /550/);
    assert.equal(mails.length, 0);
  }));

Deno.test("a server with no time now is a closed way", () =>
  withSmtpServer({ refuse: ["root@alpha.example"], code: 451 }, async (port) => {
    assert.equal((await send(port)).kind, "closed");
  }));

Deno.test("with user and password; a wrong one is a closed way, and is not told", () =>
  withSmtpServer({ user: "ann", password: "good" }, async (port, mails) => {
    assert.deepEqual(await send(port, ["root"], 3_000, { user: "ann", password: "good" }), {
      kind: "sent",
      protection: "without TLS",
    });
    const wrong = await send(port, ["root"], 3_000, { user: "ann", password: "wrongsecret" });
    assert.equal(wrong.kind, "closed");
    assert.doesNotMatch(JSON.stringify(wrong), /wrongsecret/);
    assert.equal(mails.length, 1);
  }));

Deno.test("TLS that is required but not offered keeps the mail back", () =>
  withSmtpServer({}, async (port, mails) => {
    assert.equal((await send(port, ["root"], 3_000, { startTls: "required" })).kind, "closed");
    assert.equal(mails.length, 0);
  }));

Deno.test("STARTTLS where it is offered; a certificate nobody vouches for is refused unless told otherwise", () =>
  withSmtpServer({ startTls: true }, async (port, mails) => {
    const strict = await send(port, ["root"], 3_000, { startTls: "offered", verify: true });
    assert.equal(strict.kind, "closed");
    assert.deepEqual(await send(port, ["root"], 3_000, { startTls: "offered", verify: false }), {
      kind: "sent",
      protection: "with TLS, certificate not checked",
    });
    assert.equal(mails[0]?.secure, true);
  }));

Deno.test("nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const delivery = await send(port);
  assert.equal(delivery.kind, "closed");
  assert.match(delivery.kind === "closed" ? delivery.error : "", /127\.0\.0\.1/);
});

const silent: Readonly<Record<string, (connection: Deno.TcpConn) => Promise<unknown>>> = {
  "says nothing": () => Promise.resolve(),
  "greets and is silent": (connection) => connection.write(new TextEncoder().encode("220 hi\r\n")),
  "never ends its answer": async (connection) => {
    for (;;) {
      await connection.write(new TextEncoder().encode("220-more\r\n"));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
  "hangs up": (connection) => Promise.resolve(connection.close()),
};

for (const [what, behave] of Object.entries(silent)) {
  Deno.test(`a server that ${what} ends in bounded time`, async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const accepted = listener.accept().then(async (connection) => {
      await behave(connection).catch(() => {});
      return connection;
    });
    const started = performance.now();
    const delivery = await send((listener.addr as Deno.NetAddr).port, ["root"], 400);
    assert.equal(delivery.kind, "closed");
    assert.ok(performance.now() - started < 15_000);
    try {
      (await accepted).close();
    } catch { /* closed by the behaviour */ }
  });
}

Deno.test("where TLS is required and not offered nothing is sent, and the error says what to write", () =>
  withSmtpServer({}, async (port, mails) => {
    const delivery = await send(port, ["root"], 3_000, { startTls: "required", verify: true });
    assert.match(
      delivery.kind === "closed" ? delivery.error : "",
      /TLS is required.*add \?starttls=offered to the URL$/,
    );
    assert.equal(mails.length, 0);
  }));

Deno.test("a certificate that nobody vouches for: the error says what to write", () =>
  withSmtpServer({ startTls: true }, async (port, mails) => {
    const delivery = await send(port, ["root"], 3_000, { startTls: "required", verify: true });
    assert.match(delivery.kind === "closed" ? delivery.error : "", /certificate.*add \?verify=no to the URL$/);
    assert.equal(mails.length, 0);
  }));
