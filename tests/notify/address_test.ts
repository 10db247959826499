import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../render/any_text.ts";
import { checkAddress, mailDomain, withDomain } from "../../src/notify/address.ts";
import { parseSmtpUrl } from "../../src/notify/smtp_url.ts";

Deno.test("addresses that are fine", () => {
  for (const text of ["root", "ann@example.org", "a.b+c@h", "bzman@alpha_1", "ä@müller.de", "x@[192.0.2.1]"]) {
    assert.equal(checkAddress(text), text);
  }
  assert.equal(withDomain("root", "alpha"), "root@alpha");
  assert.equal(withDomain("a@b", "alpha"), "a@b");
});

Deno.test("whatever a machine is called, its mails have a sender", () => {
  const names = {
    "alpha": "alpha",
    "a_1.example.org": "a_1.example.org",
    "(none)": "none",
    "alpha.": "alpha",
    "": "localhost",
  };
  for (const [host, domain] of Object.entries(names)) assert.equal(mailDomain(host), domain);
  fc.assert(fc.property(anyText, (host) => {
    const domain = mailDomain(host.slice(0, 64));
    checkAddress(`bzman@${domain}`);
    assert.match(domain, /^[^\s<>@\p{Cc}]+$/u);
  }));
});

Deno.test("addresses that are none", () => {
  const wrong = [
    "",
    "-oQ/tmp",
    "a b@c",
    "a@b@c",
    "@b",
    "a@",
    "a@b\r\nRCPT TO:<x>",
    "a\0",
    "<a@b>",
    "a,b@c",
    "a@-\n",
    `${"x".repeat(300)}@b`,
  ];
  for (const text of wrong) assert.throws(() => checkAddress(text), SyntaxError, text);
});

Deno.test("nothing with a control character, a space or a leading dash is an address", () =>
  fc.assert(fc.property(anyText, (text) => {
    let good = true;
    try {
      checkAddress(text);
    } catch {
      good = false;
    }
    if (good) assert.doesNotMatch(text, /^-|[\s\p{Cc}<>,;"]/u);
  })));

Deno.test("mail servers by URL", () => {
  assert.deepEqual(parseSmtpUrl("smtp://mail.example.org"), {
    host: "mail.example.org",
    port: 25,
    tls: false,
    startTls: "offered",
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
