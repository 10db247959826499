// A pair that is wanted no more stops being late, and loses nothing.

import { deepEqual, equal, match } from "node:assert/strict";
import { run } from "../../src/cli/run.ts";
import { alertKey } from "../../src/core/alerts/check_alert.ts";
import { nextAlert } from "../../src/core/alerts/alert_state.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { sampleDataset, sampleRun, start } from "../history/sample_run.ts";
import { withHistory } from "../history/with_history.ts";

const day = 86_400_000;

Deno.test("a retired job counts no longer, keeps its record, and counts again when it runs", () =>
  withHistory(async (history, path) => {
    const ran = (job: string, startedAt: number) =>
      history.finishRun(sampleRun({
        ...{ job, result: "ok", startedAt, endedAt: startedAt + 1000 },
        datasets: [sampleDataset({ toCreatedAt: startedAt })],
      }));
    const bzman = async (at: number, ...argv: string[]) => {
      const context = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => at };
      const code = await run([...argv, `--db=${path}`, "--smtp=smtp://127.0.0.1:1"], context);
      return { code, text: context.stdout.text + context.stderr.text };
    };
    ran("tank>target", start + 40 * day);
    ran("tank>old", start);
    const now = start + 40 * day + 1000;
    equal((await bzman(now, "status")).code, 2);

    const nameless = await bzman(now, "status", "--retire");
    deepEqual([nameless.code, nameless.text.match(/--retire needs the name of a JOB/)?.length], [3, 1]);

    const tooEarly = await bzman(start - 1, "status", "tank>old", "--retire");
    equal(tooEarly.code, 3);
    match(tooEarly.text, /cannot note that tank>old is retired.*clock/s);

    const retired = await bzman(now, "status", "tank>old", "--retire");
    equal(retired.code, 0);
    match(retired.text, /tank>old is retired until it runs again; its copy and its record are kept/);
    deepEqual(history.jobs().map(({ job }) => job), ["tank>target"]);
    equal((await bzman(now, "status")).code, 0);
    equal((await bzman(now, "status", "tank>old")).code, 3);
    equal(history.runs({ job: "tank>old" }).length, 1);

    ran("tank>old", now + 1000);
    deepEqual(history.jobs().map(({ job }) => job), ["tank>old", "tank>target"]);
  }));

Deno.test("a retired job takes its alerts with it, without a mail; those of others stay", () =>
  withHistory(async (history, path) => {
    const keys = (job: string) => [
      `replicate ${job}`,
      `prune ${job}`,
      alertKey({ kind: "lag", subject: job }),
      alertKey({ kind: "verify", subject: job }),
      alertKey({ kind: "verify", subject: `${job} (contents)` }),
    ];
    const trouble = { severity: "warning", errorClass: "ssh-lost" } as const;
    for (const job of ["tank>old", "tank>target"]) {
      history.finishRun(sampleRun({ job, result: "failed", endedAt: start + 1000 }));
      for (const key of keys(job)) {
        history.changeAlert(key, (previous) => ({ state: nextAlert(previous, trouble, start).state, what: "broken" }));
      }
    }
    const bzman = async (...argv: string[]) => {
      const context = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => start + day };
      await run([...argv, `--db=${path}`], context);
      return context.stdout.text;
    };
    match(await bzman("metrics"), /bzman_alert_open\{alert="lag tank>old"/);
    await bzman("status", "tank>old", "--retire");
    deepEqual(history.openAlerts().map(({ key }) => key).sort(), keys("tank>target").sort());
    equal(history.countWaitingMails(), 0);
    equal(/bzman_alert_open\{[^}]*old/.test(await bzman("metrics")), false);
    // Should it run again, its first trouble is new.
    const again = history.alert("replicate tank>old")?.state;
    equal(nextAlert(again, trouble, start + day).mail, "new");
  }));

Deno.test("where every job is retired, nobody says that nothing was ever replicated", () =>
  withHistory(async (history, path) => {
    history.finishRun(sampleRun({ result: "ok", endedAt: start + 1000, datasets: [sampleDataset()] }));
    const bzman = async (...argv: string[]) => {
      const context = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => start + day };
      const code = await run([...argv, `--db=${path}`], context);
      return { code, text: context.stdout.text };
    };
    await bzman("status", "tank>target", "--retire");
    const report = JSON.parse((await bzman("report", "--json")).text);
    deepEqual([report.verdict, report.headline], ["unknown", "There is no job"]);
    match(report.summary, /^No job has run yet, or all are retired\. Begin with: bzman replicate SOURCE TARGET$/);
    const status = await bzman("status");
    equal(status.code, 3);
    match(status.text, /^UNKNOWN: there is no job: none has run yet, or all are retired\nnext: bzman replicate/);
  }));
