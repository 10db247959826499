// A run that was recorded while the clock was ahead does not speak for those that came after it.

import { deepEqual, equal } from "node:assert/strict";
import { run } from "../../src/cli/run.ts";
import type { RunRecord } from "../../src/core/record.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { sampleDataset, sampleRun, start } from "../history/sample_run.ts";
import { openHistory } from "../../src/history/open.ts";
import { withFolder } from "../history/with_history.ts";

const minute = 60_000;

Deno.test("after a clock was set back, runs are judged by those that followed", () =>
  withFolder(async (folder) => {
    let now = start + 300 * minute;
    const path = `${folder}/bzman.db`;
    using history = openHistory(path, { clock: () => now });
    const record = (result: RunRecord["result"]) => {
      const begun = sampleRun({ startedAt: now });
      history.beginRun(begun);
      const arrived = result === "ok" ? { toCreatedAt: now } : { result: "failed" as const };
      history.finishRun({ ...begun, result, endedAt: now + 1000, datasets: [sampleDataset(arrived)] });
      now += 10 * minute;
    };
    const ask = async (...argv: string[]) => {
      const context = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => now };
      const status = await run([...argv, `--db=${path}`, "--json"], context);
      return [status, JSON.parse(context.stdout.text)];
    };
    record("ok");
    now = start;
    record("failed");
    record("ok");
    deepEqual([history.failureStreak("tank>target"), history.lastSuccess("tank>target")?.id], [0, 3]);
    equal((await ask("status"))[0], 0);
    record("failed");
    record("failed");
    const [status, { verdict, jobs: [job] }] = await ask("status");
    deepEqual([status, verdict, job.failureStreak, job.lastRun.result, job.datasets[0].lastResult], [
      1,
      "warning",
      2,
      "failed",
      "failed",
    ]);
    const [, report] = await ask("report");
    deepEqual([report.verdict, report.failures.map(({ isOver }: { isOver: boolean }) => isOver)], ["warning", [false]]);
    const [, { runs }] = await ask("log", "--limit", "2");
    deepEqual(runs.map(({ id }: { id: number }) => id), [4, 5]);
  }));
