import assert from "node:assert/strict";
import { chooseMailTransport, mailAddresses } from "../../../src/notify/mail/mail_transport.ts";

Deno.test("the configured server first, then sendmail, then the server of this machine", () => {
  const ways = [
    { smtpUrl: "smtps://mail.example.org", sendmail: "/usr/sbin/sendmail" },
    { smtpUrl: undefined, sendmail: "/usr/sbin/sendmail" },
    { smtpUrl: "", sendmail: undefined },
  ];
  const names = ways.map((inputs) => chooseMailTransport({ ...inputs, host: "alpha" }).name);
  assert.deepEqual(names, ["mail.example.org:465", "/usr/sbin/sendmail", "localhost:25"]);
  assert.throws(() => chooseMailTransport({ smtpUrl: "mail", sendmail: undefined, host: "alpha" }), SyntaxError);
});

Deno.test("from bzman to root unless said otherwise", () => {
  assert.deepEqual(mailAddresses({ from: undefined, to: [] }, "alpha"), { from: "bzman@alpha", to: ["root"] });
  assert.equal(mailAddresses({ from: undefined, to: [] }, "(none)").from, "bzman@none");
  const settings = { from: "storage@example.org", to: ["ann@example.org", "bob"] };
  assert.deepEqual(mailAddresses(settings, "alpha"), settings);
  assert.throws(() => mailAddresses({ from: undefined, to: ["a\nb"] }, "alpha"), SyntaxError);
});
