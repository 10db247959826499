import assert from "node:assert/strict";
import { composeMail, makeMessageId } from "../../../src/notify/mail/mime.ts";
import { sampleMail } from "../sample_mail.ts";

async function compose(...parameters: Parameters<typeof composeMail>): Promise<string> {
  return new TextDecoder().decode(await composeMail(...parameters));
}

Deno.test("a plain mail", async () => {
  const mail = sampleMail({ messageId: "<u.1@alpha>" });
  const text = await compose(mail, { lineEnd: "\n" });
  assert.match(text, /^From: bzman@alpha\.example\n/m);
  assert.match(text, /^To: <?root>?\n/m);
  assert.match(text, /^Subject: \[CRITICAL\] alpha: replicate tank>target failed\n/m);
  assert.match(text, /^Message-ID: <u\.1@alpha>\n/m);
  assert.match(text, /^Date: Sat, 01 Mar 2025 00:00:00 \+0000\n/m);
  assert.match(text, /^Auto-Submitted: auto-generated\n/m);
  assert.ok(text.endsWith("\n\nwhat: it failed\n.\nFrom here on\n"), text);
  assert.equal(text, await compose(mail, { lineEnd: "\n" }));
});

Deno.test("for a server: CRLF, and addresses with a domain", async () => {
  const text = await compose(sampleMail({ to: ["root", "ann@example.org"] }), {
    lineEnd: "\r\n",
    domain: "alpha.example",
  });
  assert.match(text, /^To: root@alpha\.example, ann@example\.org\r\n/m);
  assert.doesNotMatch(text, /[^\r]\n/);
});

Deno.test("no header can be forged", async () => {
  const text = await compose(sampleMail({ subject: "a\r\nBcc: evil@example.org\n\nbody ä" }), { lineEnd: "\n" });
  assert.doesNotMatch(text, /^Bcc:/m);
  for (const to of ["root\r\nBcc: evil@example.org", "-t", "a b"]) {
    await assert.rejects(compose(sampleMail({ to: [to] }), { lineEnd: "\n" }), SyntaxError);
  }
  await assert.rejects(compose(sampleMail({ messageId: "<a@b>\r\nX: y" }), { lineEnd: "\n" }), SyntaxError);
  assert.match(
    await compose(sampleMail({ messageId: "<u.new@my_host>" }), { lineEnd: "\n" }),
    /^Message-ID: <u\.new@my_host>\n/m,
  );
  assert.equal(makeMessageId("u\n", 2, "ho st\r\n"), "<u-.2@ho-st-->");
});

Deno.test("text, HTML and images make alternatives with related parts", async () => {
  const image = { cid: "chart@bzman", filename: "lag.png", contentType: "image/png", base64: btoa("not really") };
  const text = await compose(sampleMail({ html: '<img src="cid:chart@bzman">', images: [image] }), { lineEnd: "\n" });
  assert.match(text, /^Content-Type: multipart\/alternative;/m);
  assert.match(text, /^Content-Type: multipart\/related;/m);
  assert.match(text, /^Content-I[dD]: <chart@bzman>\n/m);
  assert.match(text, /^Content-Disposition: inline; filename=lag\.png\n/m);
  assert.ok(text.indexOf("text/plain") < text.indexOf("text/html"));
});

Deno.test("nothing in a mail reads a file", async () => {
  const text = await compose(sampleMail({ html: '<img src="/etc/passwd">' }), { lineEnd: "\n" });
  assert.doesNotMatch(text, /root:x:/);
});
