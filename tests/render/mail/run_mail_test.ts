import assert from "node:assert/strict";
import { nextAlert } from "../../../src/core/alerts/alert_state.ts";
import { runMail } from "../../../src/render/mail/run_mail.ts";
import { sampleDataset, sampleRun, start } from "../../history/sample_run.ts";

const run = sampleRun({
  uuid: "6f1c0000-0000-4000-8000-000000000001",
  result: "partial",
  endedAt: start + 65_000,
  errorClass: "target-full",
  message: "cannot receive into tank/a on target: out of space",
  stderrTail: "cannot receive incremental stream: out of space\n\x1b]0;owned\x07\n",
  phases: [{ phase: "list local", elapsedMs: 120 }, { phase: "send", elapsedMs: 60_000 }],
  datasets: [sampleDataset(), sampleDataset({ dataset: "tank/a", result: "failed", message: "out of space" })],
});
const state = nextAlert(undefined, { severity: "warning", errorClass: "target-full" }, start).state!;

Deno.test("the error mail says what, where, why, next, and shows the evidence", () => {
  const mail = runMail({
    run,
    reason: "new",
    state,
    host: "alpha",
    fault: {
      what: "cannot receive into tank/a",
      where: "target",
      why: "out of space",
      next: "zfs list -o space -r tank\nbzman prune tank target",
    },
    lastSuccessAt: start - 600_000,
  });
  assert.equal(mail.subject, "[WARNING] alpha: replicate tank>target partial: target-full");
  assert.equal(
    mail.text,
    `tank>target: some datasets failed, the others are done.

what:  cannot receive into tank/a
where: target
why:   out of space
next:  zfs list -o space -r tank
       bzman prune tank target

datasets (1 of 2):
  tank/a: failed: out of space

what it wrote to standard error:
  | cannot receive incremental stream: out of space
  | \\x1b]0;owned\\x07

elapsed times
list local        0.1 s
send           1 m 00 s
total          1 m 05 s

job:          tank>target
source:       alpha:tank
target:       target:tank
started:      2025-03-01 00:00:00Z
last success: 2025-02-28 23:50:00Z
run:          6f1c0000-0000-4000-8000-000000000001

More: bzman log --failed; dataset by dataset: bzman log --dataset --failed
`,
  );
});

Deno.test("the end of the trouble is told with how long it lasted", () => {
  const mail = runMail({
    run: { ...run, result: "ok", endedAt: start + 3_600_000 },
    reason: "recovered",
    state,
    host: "alpha",
  });
  assert.equal(mail.subject, "[OK] alpha: replicate tank>target succeeds again");
  assert.match(mail.text, /^tank>target succeeds again, after 1 h 00 m and 1 run with failures \(target-full\)\.\n/);
});
