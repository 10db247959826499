// A run that was killed cannot mail: the next one of its job does it, whoever fixes the record before.

import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { run } from "../../src/cli/run.ts";
import { openHistory } from "../../src/history/open.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { sampleDataset, sampleRun, start } from "../history/sample_run.ts";
import { withHistory } from "../history/with_history.ts";
import { withSmtpServer } from "../notify/smtp_server.ts";

const hour = 3_600_000;

/** Runs a command line so many hours after the runs were killed. */
type Bzman = (hours: number, ...argv: string[]) => Promise<number>;

/** Leaves runs of these jobs behind that never ended. */
function afterKilled(
  jobs: readonly string[],
  action: (
    bzman: Bzman,
    told: () => readonly string[],
    mails: readonly { readonly text: string }[],
    path: string,
  ) => Promise<void>,
): Promise<void> {
  return withSmtpServer({}, (port, mails) =>
    withHistory(async (history, path) => {
      for (const job of jobs) {
        const ok = { result: "ok", startedAt: start - 60_000, endedAt: start - 50_000 } as const;
        history.finishRun(sampleRun({ job, ...ok, datasets: [sampleDataset({ toCreatedAt: start - 60_000 })] }));
        using killed = openHistory(path, { clock: () => start });
        killed.beginRun(sampleRun({ job }));
      }
      const bzman: Bzman = (hours, ...argv) => {
        const context = { ...fakeContext({ HOME: join(path, "..") }), clock: () => start + hours * hour };
        const mailing = /^(?:replicate|status|report)$/.test(argv[0] ?? "") ? [`--smtp=smtp://127.0.0.1:${port}`] : [];
        return run([...argv, `--db=${path}`, ...mailing], context);
      };
      const told = () =>
        mails.map(({ text }) => /^Subject: (.*)\r$/m.exec(text)?.[1] ?? "").filter((line) => /killed/.test(line))
          .sort();
      await action(bzman, told, mails, path);
    }));
}

Deno.test("a run that was killed is mailed by the next run of its job, and once", () =>
  afterKilled(["tank>:copy"], async (bzman, told, mails) => {
    // There is no ZFS here: the run itself is refused, and mails that too.
    equal(await bzman(1, "replicate", "tank", ":copy", "--quiet"), 3);
    deepEqual(told(), ["[CRITICAL] here: replicate tank>:copy killed"]);
    const text = mails.map((mail) => mail.text.replaceAll("=\r\n", "")).find((mail) => /:copy killed/.test(mail)) ?? "";
    match(text, /^tank>:copy: the process disappeared \(killed, or the host went down\)\.\r$/m);
    match(text, /^what: +its process disappeared before it recorded its end/m);
    match(text, /^next: +nothing: the run that tells of it resumes where it stopped/m);
    equal(mails.length, 2);
    await bzman(1, "replicate", "tank", ":copy", "--quiet");
    equal(mails.length, 2);
  }));

Deno.test("a run of another job that was killed is told when that job had an hour to do it, as a warning", () =>
  afterKilled(["tank>other"], async (bzman, told, mails) => {
    for (const hours of [1, 1.9]) await bzman(hours, "replicate", "tank", ":copy", "--quiet");
    deepEqual(told(), []);
    for (const hours of [2, 2.1]) await bzman(hours, "replicate", "tank", ":copy", "--quiet");
    deepEqual(told(), ["[WARNING] here: replicate tank>other killed"]);
    const text = mails.at(-1)?.text.replaceAll("=\r\n", "") ?? "";
    match(text, /^next: +it has not begun again since: see whether cron still starts it/m);
  }));

Deno.test("a record that can be read and not written tells of a killed run when it can be written again", () =>
  afterKilled(["tank>:copy"], async (bzman, told, _mails, path) => {
    await bzman(0.5, "status");
    using other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    await bzman(1, "replicate", "tank", ":copy", "--quiet");
    deepEqual(told(), []);
    other.exec("ROLLBACK");
    for (const hours of [1.2, 1.4]) await bzman(hours, "replicate", "tank", ":copy", "--quiet");
    deepEqual(told(), ["[CRITICAL] here: replicate tank>:copy killed"]);
  }));

for (const argv of [["status"], ["log"], ["metrics"], ["report", "--json"]]) {
  Deno.test(`${argv.join(" ")} fixes the record of a killed run, and leaves the mail to the next run`, () =>
    afterKilled(["tank>:copy"], async (bzman, told) => {
      await bzman(1, ...argv);
      deepEqual(told(), []);
      await bzman(1, "replicate", "tank", ":copy", "--quiet");
      deepEqual(told(), ["[CRITICAL] here: replicate tank>:copy killed"]);
    }));
}

Deno.test("a job that was retired since is not told of", () =>
  afterKilled(["tank>other"], async (bzman, told) => {
    equal(await bzman(1, "status", "tank>other", "--retire"), 0);
    await bzman(3, "replicate", "tank", ":copy", "--quiet");
    deepEqual(told(), []);
  }));
