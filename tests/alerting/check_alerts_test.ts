// What a check found reaches somebody, also when it cannot be kept.

import { equal, match } from "node:assert/strict";
import type { CheckFinding } from "../../src/core/check.ts";
import { alertOnChecks } from "../../src/alerting/check_alerts.ts";
import { openHistory } from "../../src/history/open.ts";
import { startLogging, stopLogging } from "../../src/notify/log.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { withSmtpServer } from "../notify/smtp_server.ts";

const suspended: CheckFinding = {
  check: "pool-suspended",
  subject: "tank",
  verdict: "critical",
  text: "the pool is suspended",
  next: "zpool clear tank",
};

/** Finds a suspended pool, with `--quiet` and a record that cannot be written; returns what came of it. */
async function find(isRoot: boolean): Promise<{ mails: number; printed: string }> {
  let printed = "";
  let mails = 0;
  await withSmtpServer({}, async (port, taken) => {
    const options = { json: false, quiet: true, debug: false };
    const write = (text: string) => void (printed += text);
    await startLogging({ ...options, timestamps: false, escape: (text) => text, writeOut: write, writeError: write });
    using history = openHistory("/dev/null/bzman.db", { clock: () => 0 });
    await alertOnChecks(
      [{ kind: "health", subject: "tank", findings: [suspended] }],
      { ...options, db: undefined, mail: { to: [], from: undefined, smtpUrl: `smtp://127.0.0.1:${port}` } },
      { history, isRoot, program: () => undefined },
      fakeContext(),
    );
    await stopLogging();
    mails = taken.length;
  });
  return { mails, printed };
}

Deno.test("without a record a user's check is printed with all it has to say, even with --quiet", async () => {
  const { mails, printed } = await find(false);
  equal(mails, 0);
  match(printed, /^error: no mail about tank: the record cannot be written/);
  match(printed, /\[CRITICAL\] here: tank: the pool is suspended\n/);
  match(printed, /fix: zpool clear tank/);
});

Deno.test("without a record root's check is mailed", async () => {
  const { mails, printed } = await find(true);
  equal(mails, 1);
  equal(printed, "");
});
