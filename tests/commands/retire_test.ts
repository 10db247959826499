// A pair that is wanted no more stops being late, and loses nothing.

import { deepEqual, equal, match } from "node:assert/strict";
import { run } from "../../src/cli/run.ts";
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
    deepEqual([nameless.code, nameless.text.match(/--retire needs the JOB/)?.length], [3, 1]);

    const tooEarly = await bzman(start - 1, "status", "tank>old", "--retire");
    equal(tooEarly.code, 3);
    match(tooEarly.text, /cannot note that tank>old is retired.*clock/s);

    const retired = await bzman(now, "status", "tank>old", "--retire");
    equal(retired.code, 0);
    match(retired.text, /tank>old counts no longer, until it runs again; its copy and its record stay/);
    deepEqual(history.jobs().map(({ job }) => job), ["tank>target"]);
    equal((await bzman(now, "status")).code, 0);
    equal((await bzman(now, "status", "tank>old")).code, 3);
    equal(history.runs({ job: "tank>old" }).length, 1);

    ran("tank>old", now + 1000);
    deepEqual(history.jobs().map(({ job }) => job), ["tank>old", "tank>target"]);
  }));
