// The mails of runs while the record can be read and not written: folded as ever.

import { deepEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Fault } from "../../src/core/fault.ts";
import type { RunRecord } from "../../src/core/record.ts";
import { alertOnRun } from "../../src/alerting/run_alerts.ts";
import type { Session } from "../../src/session/session.ts";
import type { CommonSettings } from "../../src/config/settings.ts";
import { openHistory } from "../../src/history/open.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { sampleRun, start } from "../history/sample_run.ts";
import { withFolder } from "../history/with_history.ts";
import { withSmtpServer } from "../notify/smtp_server.ts";

/** Ends a run so many minutes after the start; returns the first words of the mails it led to. */
type End = (minutes: number, result: RunRecord["result"]) => Promise<string[]>;

function withRuns(action: (end: End, path: string) => Promise<void>): Promise<void> {
  return withFolder((folder) =>
    withSmtpServer({}, async (port, taken) => {
      const path = `${folder}/state/bzman.db`;
      const mail = { to: ["root@example.org"], from: undefined, smtpUrl: `smtp://127.0.0.1:${port}` };
      const common: CommonSettings = { db: path, mail, json: false, quiet: true, debug: false };
      let seen = 0;
      await action(async (minutes, result) => {
        const now = start + minutes * 60_000;
        using history = openHistory(path, { clock: () => now, busyMs: 50 });
        const session = {
          history,
          program: () => undefined,
          lockFolders: { preferred: undefined, fallback: `${folder}/spare` },
        } as unknown as Session;
        const run = sampleRun({ startedAt: now, endedAt: now, result });
        history.finishRun(run);
        const fault = result === "ok" ? undefined : new Fault({ errorClass: "x", what: "it failed", exit: 1 }).parts;
        await alertOnRun(run, fault, common, session, { ...fakeContext(), clock: () => now });
        return taken.slice(seen, seen = taken.length).map(({ text }) => /^Subject: (\[\w+\])/m.exec(text)?.[1] ?? "");
      }, path);
    })
  );
}

Deno.test("a failure that lasts is mailed once while the record takes nothing, and its end is told", () =>
  withRuns(async (end, path) => {
    deepEqual(await end(0, "ok"), []);
    const holder = new DatabaseSync(path);
    holder.exec("BEGIN IMMEDIATE");
    deepEqual(await end(10, "failed"), ["[WARNING]"]);
    deepEqual(await end(20, "failed"), []);
    deepEqual(await end(70, "failed"), ["[CRITICAL]"]);
    deepEqual(await end(80, "failed"), []);
    deepEqual(await end(440, "failed"), ["[CRITICAL]"], "a reminder");
    deepEqual(await end(450, "ok"), ["[OK]"]);
    deepEqual(await end(460, "ok"), []);
    deepEqual(await end(470, "failed"), ["[CRITICAL]"]);
    holder.close();
    deepEqual(await end(480, "failed"), [], "the record goes on where the note ended");
    deepEqual([...Deno.readDirSync(path.replace(/state.*/, "spare"))], []);
    deepEqual(await end(490, "ok"), ["[OK]"]);
  }));

Deno.test("a failure that was recorded is not told anew by each run that the record does not take", () =>
  withRuns(async (end, path) => {
    deepEqual([await end(0, "ok"), await end(10, "failed")], [[], ["[WARNING]"]]);
    using holder = new DatabaseSync(path);
    holder.exec("BEGIN IMMEDIATE");
    deepEqual([await end(20, "failed"), await end(30, "failed"), await end(40, "ok")], [[], [], ["[OK]"]]);
  }));
