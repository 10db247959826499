// The report goes through the MTA of a real host and lies in root's mailbox as text and as HTML with its charts.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { mimeParts, shownHtml, textOf } from "../support/mime_parts.ts";
import { bzman, replicateWell } from "./support/bzman.ts";
import { awaitMail } from "./support/mailbox.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { fillTank, makePools } from "./support/trees.ts";

const lab = sharedLab();

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
  const parts = mimeParts(mail);
  const partsOf = (type: string) => parts.filter((part) => part.type === type);
  const [text = "", page = ""] = ["text/plain", "text/html"].map((type) => partsOf(type).map(textOf).join());
  deepStrictEqual(partsOf("text/html")[0]?.within, ["multipart/alternative", "multipart/related"]);
  match(text, /^OK: All 4 datasets are protected\n2 runs in 24 h, all succeeded/m);
  match(text, /^tank\/data\/child +ok /m);
  match(page, /tank\/data\/child/);
  const images = partsOf("image/png");
  strictEqual(images.length, 2);
  ok(images.every(({ bytes }) => bytes.toBase64().startsWith("iVBORw0KGgo")), "the charts are PNG");
  strictEqual(shownHtml(parts).match(/src="data:image\/png;base64,/g)?.length, 2);
});

Deno.test("-c, -m, -p and -r in one line: pools, log and report, and the worst exit status", async () => {
  const { source } = lab;
  await makePools(lab);
  await fillTank(lab);
  await replicateWell(source, "tank", "target");
  const { code, stdout, stderr } = await bzman(source, ["-mcp", "-r", "root"]);
  strictEqual(code, 0, stderr);
  match(stdout, /^OK: tank has .* free, .*\n[^]*^OK: tank is healthy$[^]*^ +1 .*source:tank +target:tank .* ok$/m);
  const [mail = ""] = await awaitMail(source, 1);
  match(mail, /^Subject: \[OK\] source: report: All 4 datasets are protected$/m);
  // The pools that the line looked at are in the report.
  match(mimeParts(mail).map((part) => part.type === "text/plain" ? textOf(part) : "").join(), /^source:tank +ONLINE /m);
  await source.sh(
    "zfs create -o quota=2M tank/small; dd if=/dev/urandom of=/tank/small/f bs=64k 2>/dev/null; zpool sync tank",
  );
  strictEqual((await bzman(source, ["-m", "-c", "-p"])).code, 1);
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
