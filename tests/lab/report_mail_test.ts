// The report goes through the MTA of a real host and lies in root's mailbox as text and as HTML with its charts.

import { match, ok, strictEqual } from "node:assert/strict";
import { bzman, replicateWell } from "./support/bzman.ts";
import { awaitMail } from "./support/post.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { fillTank, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** The parts of a message with this type, decoded. */
function partsOf(message: string, type: string): string[] {
  const parts = message.split(/^--[^\n]+\n/m).filter((part) => new RegExp(`^Content-Type: ${type}`, "im").test(part));
  return parts.map((part) => {
    const [head = "", ...body] = part.split(/\n\n/);
    const text = body.join("\n\n");
    if (!/quoted-printable/i.test(head)) return text;
    const bytes = text.replaceAll(/=\n/g, "").replaceAll(
      /=([0-9A-F]{2})/g,
      (_, code) => String.fromCharCode(Number(`0x${code}`)),
    );
    return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
  });
}

Deno.test("the report arrives in root's mailbox, readable in every way", async () => {
  const { source } = lab;
  await makePools(lab);
  await fillTank(lab);
  await replicateWell(source, "tank", "target");
  await source.sh("echo more >>/tank/data/child/more");
  await replicateWell(source, "tank", "target");

  const { code, stdout, stderr } = await bzman(source, ["-r", "root"]);
  strictEqual(code, 0, stderr);
  match(stdout, /mailed to root: \[OK\] source: report: All 4 datasets are protected/);
  const [mail = "", ...more] = await awaitMail(source, 1);
  strictEqual(more.length, 0);
  match(mail, /^Subject: \[OK\] source: report: All 4 datasets are protected$/m);
  match(mail, /^Content-Type: multipart\/alternative/im);
  const [text = ""] = partsOf(mail, "text/plain");
  match(text, /^OK: All 4 datasets are protected\n2 runs in 24 h, all went well/m);
  match(text, /^tank\/data\/child +ok /m);
  const [page = ""] = partsOf(mail, "text/html");
  match(page, /tank\/data\/child/);
  const images = partsOf(mail, "image/png");
  strictEqual(images.length, 2);
  ok(images.every((image) => image.startsWith("iVBORw0KGgo")), "the charts are PNG");
});

Deno.test("the page is written in one step, and says the same", async () => {
  const { source } = lab;
  await makePools(lab);
  await replicateWell(source, "tank", "target");
  const { code, stderr } = await bzman(source, ["report", "--quiet", "--output", "/root/report.html"]);
  strictEqual(code, 0, stderr);
  const { stdout } = await source.sh("cat /root/report.html; ls /root/report.html*; rm /root/report.html");
  match(stdout, /<title>OK: The dataset is protected/);
  match(stdout, /\n\/root\/report\.html\n$/);
});
