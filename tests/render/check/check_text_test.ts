import assert from "node:assert/strict";
import { nextAlert } from "../../../src/core/alerts/alert_state.ts";
import type { CheckFinding } from "../../../src/core/check.ts";
import type { JobStatus } from "../../../src/core/status/job_facts.ts";
import { capacityTable } from "../../../src/render/capacity/capacity_table.ts";
import { sampleJson } from "../../../src/render/check/check_json.ts";
import { noteLines, problemLines, summaryLine } from "../../../src/render/check/check_text.ts";
import { healthTable } from "../../../src/render/health/health_table.ts";
import { checkMail } from "../../../src/render/mail/check_mail.ts";
import { jobTable } from "../../../src/render/status/status_table.ts";
import { textWidth } from "../../../src/render/text/text_width.ts";
import { start } from "../../history/sample_run.ts";

const overdue: CheckFinding = {
  check: "scrub-overdue",
  subject: "target:tank",
  verdict: "warning",
  text: "its last scrub ended 40 d 0 h ago",
  next: "ssh target zpool scrub tank",
};

Deno.test("the first line is the verdict, the worst finding, and how many more", () => {
  assert.equal(summaryLine("ok", [], "tank is well"), "OK: tank is well");
  assert.equal(summaryLine("warning", [overdue], ""), "WARNING: target:tank: its last scrub ended 40 d 0 h ago");
  assert.match(summaryLine("critical", [overdue, overdue, overdue], ""), /^CRITICAL: .* \(and 2 more\)$/);
  // Monitoring systems read numbers behind a bar.
  assert.equal(
    summaryLine("unknown", [{ ...overdue, text: "a|b\n\x1b[2J" }], ""),
    "UNKNOWN: target:tank: a¦b\\n\\x1b[2J",
  );
});

Deno.test("troubles with what fixes them, notes without", () => {
  assert.deepEqual(problemLines([overdue]), [
    "WARNING   target:tank: its last scrub ended 40 d 0 h ago",
    "          fix: ssh target zpool scrub tank",
  ]);
  assert.deepEqual(noteLines([overdue, { ...overdue, verdict: "ok", text: "so it is" }]), [
    "note      target:tank: so it is",
  ]);
});

Deno.test("the mail of a check has verdict, host and trouble in its subject, and the command in its text", () => {
  const seen = { severity: "warning", errorClass: "scrub-overdue" } as const;
  const { state } = nextAlert(undefined, seen, start);
  const news = { kind: "health", subject: "target:tank", findings: [overdue], reason: "new", state: state! } as const;
  const mail = checkMail(news, [overdue], "alpha");
  assert.equal(mail.subject, "[WARNING] alpha: target:tank: its last scrub ended 40 d 0 h ago");
  assert.match(mail.text, /^target:tank: health has a problem\.\n\nWARNING .*\n {10}fix: ssh target/);
  const over = nextAlert(state, { severity: "ok" }, start + 3_600_000).state!;
  const end = checkMail({ ...news, findings: [], reason: "recovered", state: over }, [], "alpha");
  assert.equal(end.subject, "[OK] alpha: target:tank: health is OK again");
  assert.match(end.text, /after 1 h 00 m \(scrub-overdue\)/);
});

Deno.test("a hostile subject stays in its line of the mail", () => {
  const { state } = nextAlert(undefined, { severity: "critical", errorClass: "x" }, start);
  const evil = { ...overdue, subject: "tank\r\nBcc: all@example.org", text: "\x1b]0;owned\x07" };
  const mail = checkMail({ kind: "lag", subject: evil.subject, findings: [evil], reason: "worse", state: state! }, [
    evil,
  ], "a");
  assert.doesNotMatch(mail.subject, /[\r\n\p{Cc}]/u);
  assert.doesNotMatch(mail.text, /[^\n\P{Cc}]/u);
});

Deno.test("tables of checks fit the terminal", () => {
  const long = `target:${"pool".repeat(30)}`;
  const span = { days: 12, earliestDays: 8.4, latestDays: undefined };
  const forecast = {
    ...{ growthBytesPerDay: 2 ** 31, lowBytesPerDay: 0, highBytesPerDay: 2 ** 32, seenDays: 30 },
    ...{ untilThreeQuarters: { days: 0, earliestDays: 0, latestDays: 0 }, untilFull: span },
  };
  const space = { usedBytes: 2n ** 42n, availableBytes: 2n ** 41n };
  const capacity = { pool: long, verdict: "ok", space, freePercent: 33.3, fragmentation: 4, forecast } as const;
  const job: JobStatus = {
    job: long,
    source: "",
    target: "",
    verdict: "unknown",
    lagMs: 90_000,
    lastRun: undefined,
    running: undefined,
    lastSuccessAt: start,
    streak: 12,
    datasets: [],
    orphans: [],
    neededOrphans: [],
    traffic: { dayBytes: 5n, usualBytes: undefined },
    rate: { day: undefined, usual: undefined },
    foreignSnapshots: undefined,
    findings: [],
  };
  const row = { pool: long, verdict: "critical", state: "DEGRADED", errors: "7 checksum", scrub: "never" } as const;
  for (const width of [80, 100, 132]) {
    for (const line of [...capacityTable([capacity], width), ...healthTable([row], width), ...jobTable([job], width)]) {
      assert.ok(textWidth(line) <= width, line);
    }
  }
  assert.match(capacityTable([capacity])[1] ?? "", /33\.3 % +4 % +\+2\.00 GiB +now +12 d \(8\.4–…\)$/);
});

Deno.test("a sample as JSON keeps exact counts", () => {
  const sample = {
    at: start,
    host: "a",
    pool: "tank",
    state: "ONLINE",
    usedBytes: 2n ** 60n,
    freeBytes: 5n,
    detail: "{}",
  };
  assert.deepEqual(sampleJson(sample), {
    at: new Date(start).toISOString(),
    host: "a",
    pool: "tank",
    state: "ONLINE",
    usedBytes: "1152921504606846976",
    freeBytes: 5,
  });
});
