// A copy that gets old is mailed about: by the runs while they go on failing, else by its lag.

import { deepEqual } from "node:assert/strict";
import { run } from "../../src/cli/run.ts";
import { nextAlert } from "../../src/core/alerts/alert_state.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { sampleDataset, sampleRun, start } from "../history/sample_run.ts";
import { withHistory } from "../history/with_history.ts";
import { withSmtpServer } from "../notify/smtp_server.ts";

const hour = 3_600_000;

/** The exit status and the subjects of the mails of `status`, so many hours after a run failed; it succeeded before. */
async function statusAfter(hours: number, ...options: string[]): Promise<readonly [number, readonly string[]]> {
  let code = NaN;
  let subjects: readonly string[] = [];
  await withSmtpServer({}, (port, mails) =>
    withHistory(async (history, path) => {
      const succeeded = { result: "ok", startedAt: start - 2 * hour, endedAt: start - 2 * hour } as const;
      history.finishRun(sampleRun({ ...succeeded, datasets: [sampleDataset({ toCreatedAt: start - 2 * hour })] }));
      history.finishRun(sampleRun({ result: "failed", errorClass: "ssh-lost", message: "the link broke" }));
      history.changeAlert("replicate tank>target", () => ({
        state: nextAlert(undefined, { severity: "warning", errorClass: "ssh-lost" }, start).state,
        what: "the link broke",
      }));
      const context = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => start + hours * hour };
      code = await run(["status", "--quiet", ...options, `--db=${path}`, `--smtp=smtp://127.0.0.1:${port}`], context);
      subjects = mails.map(({ text }) => /^Subject: (.*)\r$/m.exec(text)?.[1] ?? "");
    }));
  return [code, subjects];
}

Deno.test("while runs fail they tell; where none comes to fail again, the lag is mailed", async () => {
  deepEqual(await statusAfter(5), [2, []], "a failure of 5 hours ago");
  // The first line of the subject, as it is folded.
  const subjects = ["[CRITICAL] here: tank>target: tank/home is 2 d 2 h behind, and"];
  deepEqual(await statusAfter(48), [2, subjects], "a failure of 2 days ago");
});

Deno.test("a job that is to run once a day may fail once a day without a second mail", async () => {
  deepEqual(await statusAfter(46, "--objective=1d"), [1, []]);
  deepEqual((await statusAfter(49, "--objective=1d"))[1].length, 1);
});
