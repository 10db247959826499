import assert from "node:assert/strict";
import { localServer, parseSmtpUrl, protectionOf } from "../src/smtp_url.ts";

Deno.test("mail servers by URL", () => {
  assert.deepEqual(parseSmtpUrl("smtp://mail.example.org"), {
    host: "mail.example.org",
    port: 25,
    tls: false,
    startTls: "required",
    verify: true,
  });
  assert.deepEqual(parseSmtpUrl("smtps://ann:p%40ss@[::1]:4650/?verify=no"), {
    host: "::1",
    port: 4650,
    tls: true,
    startTls: "required",
    verify: false,
    user: "ann",
    password: "p@ss",
  });
  assert.equal(parseSmtpUrl("smtp://ann:x@h").port, 587);
  assert.equal(parseSmtpUrl("smtp://h:2525?starttls=never").startTls, "never");
});

Deno.test("TLS is required as soon as another machine is named, unless the URL says otherwise", () => {
  const table = {
    "smtp://mail.example.org": "TLS required",
    "smtp://192.0.2.7:25": "TLS required",
    "smtp://127.example.org": "TLS required",
    "smtp://mail.example.org?starttls=offered": "TLS if the server offers it",
    "smtp://mail.example.org?starttls=never": "no TLS: readable on the way",
    "smtp://mail.example.org?verify=no": "TLS required, certificate not checked",
    "smtps://mail.example.org": "TLS",
    "smtp://localhost": "TLS if the server offers it, certificate not checked",
    "smtp://127.0.0.1:2525": "TLS if the server offers it, certificate not checked",
    "smtp://[::1]": "TLS if the server offers it, certificate not checked",
    "smtp://ann:x@localhost": "TLS required",
  };
  for (const [url, protection] of Object.entries(table)) {
    assert.equal(protectionOf(parseSmtpUrl(url)), protection, url);
  }
  assert.equal(protectionOf(localServer), "no TLS, on this machine");
});

Deno.test("a URL that is none says so, and never repeats a password", () => {
  for (
    const text of [
      "mail.example.org",
      "http://h",
      "smtp://",
      "smtp://h/path",
      "smtp://u:secret@h?x=1",
      "smtp://u:%zz@h",
      "smtp://h?verify=maybe",
      "smtp://u:secret@h:99999",
    ]
  ) {
    assert.throws(
      () => parseSmtpUrl(text),
      (error) => error instanceof SyntaxError && !error.message.includes("secret"),
      text,
    );
  }
});
