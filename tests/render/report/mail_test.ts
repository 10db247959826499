import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { buildReport } from "../../../src/core/report/build_report.ts";
import { composeMail } from "../../../src/notify/mail/mime.ts";
import { reportMail } from "../../../src/render/report/mail/mail.ts";
import { dayMs, now, runAgo, sampleInput, sampleJob } from "../../core/report/sample_input.ts";
import { hostileReport } from "./hostile.ts";

Deno.test("the mail is text, HTML and the images that the HTML shows", async () => {
  const mail = await reportMail(buildReport(sampleInput()));
  equal(mail.subject, "[OK] alpha: report: The dataset is protected");
  match(mail.text, /^OK: The dataset is protected\n/);
  const shown = [...(mail.html ?? "").matchAll(/src="cid:([^"]+)"/g)].map(([, cid]) => cid);
  deepEqual(shown, mail.images?.map(({ cid }) => cid));
  ok(shown.length === 2 && (mail.html ?? "").match(/<img[^>]* alt="[^"]+"/g)?.length === 2);
  doesNotMatch(mail.html ?? "", /(?:src|href)="(?!cid:)|url\(|https?:|<script|<style/);
  const bytes = await composeMail({ ...mail, messageId: "<a@b>", at: now, from: "a@b", to: ["root"] }, {
    lineEnd: "\n",
  });
  const source = new TextDecoder().decode(bytes);
  match(source, /multipart\/alternative/);
  match(source, /Content-Type: text\/plain/);
  match(source, /multipart\/related/);
  match(source, /Content-Id: <lag-1@bzman>/i);
  match(source, /Content-Type: image\/png/);
});

Deno.test("the plain text says all that matters", async () => {
  const runs = [
    runAgo(14),
    runAgo(4, {
      result: "failed",
      errorClass: "stalled",
      message: "it stood still",
      advice: "ssh target",
      stderrTail: "a\nb",
    }),
  ];
  const { text } = await reportMail(buildReport(sampleInput({ jobs: [sampleJob({ runs, failureStreak: 1 })] })));
  match(text, /^WARNING: +tank>target: its last run failed: it stood still\n {10}next: ssh target$/m);
  match(text, /^alpha:tank → target:tank: \w+\n2 runs, 1 failed/m);
  match(text, /^tank\/home +ok +4 m 00 s/m);
  match(text, /^last 24 h +2 +1 /m);
  match(text, /^FAILURE stalled, open\nwhat: {2}it stood still\nnext: {2}ssh target$/m);
  match(text, /^ {2}\| a\n {2}\| b$/m);
});

Deno.test("whatever is hostile in the record is text in the mail", async () => {
  const mail = await reportMail(hostileReport());
  for (const [tag] of (mail.html ?? "").matchAll(/<[^>]*>/g)) {
    doesNotMatch(tag, /^<(?:script|iframe|object|base|form|a)\b/i);
    doesNotMatch(tag.replaceAll(/="[^"]*"/g, ""), /onerror|javascript:|alert/i);
  }
  equal(mail.html?.match(/<img/g)?.length, 2);
  // deno-lint-ignore no-control-regex
  for (const part of [mail.html, mail.text, mail.subject]) doesNotMatch(part ?? "", /[\x00-\x08\x0b-\x1f]|\u202e/);
});

Deno.test("a mail on hundreds of datasets stays short enough for every program", async () => {
  const job = sampleJob();
  const [entry] = job.latest;
  const many = Array.from(
    { length: 400 },
    (_, index) => ({ ...entry!, dataset: `tank/${index}`, target: `tank/${index}` }),
  );
  const report = buildReport(sampleInput({ jobs: [{ ...job, latest: many, latestSuccesses: many }], sinceMs: dayMs }));
  const { html = "" } = await reportMail(report);
  ok(html.length < 100_000, `${html.length} bytes`);
  match(html, /and 380 others, all OK/);
});
