import assert from "node:assert/strict";
import fc from "fast-check";
import { mailDomain, parseMailAddress, withDomain } from "../src/mail_address.ts";
import { anyText } from "./render/any_text.ts";

Deno.test("addresses that are fine", () => {
  for (const text of ["root", "ann@example.org", "a.b+c@h", "bzman@alpha_1"]) {
    assert.equal(parseMailAddress(text), text);
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
    parseMailAddress(`bzman@${domain}`);
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
    "ä@müller.de",
    "x@[192.0.2.1]",
    "|id",
    `${"x".repeat(300)}@b`,
  ];
  for (const text of wrong) assert.throws(() => parseMailAddress(text), SyntaxError, text);
});

Deno.test("nothing with a control character, a space or a leading dash is an address", () =>
  fc.assert(fc.property(anyText, (text) => {
    let good = true;
    try {
      parseMailAddress(text);
    } catch {
      good = false;
    }
    if (good) assert.doesNotMatch(text, /^-|[\s\p{Cc}<>,;"]/u);
  })));
