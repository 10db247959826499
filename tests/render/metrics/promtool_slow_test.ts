// What bzman prints for Prometheus, judged by Prometheus' own tool.

import assert from "node:assert/strict";
import { forecast } from "../../../src/core/capacity/forecast.ts";
import { latestPools } from "../../../src/core/capacity/latest_pools.ts";
import { jobStatus } from "../../../src/core/status/job_status.ts";
import { readJobFacts } from "../../../src/recording/read_job_facts.ts";
import { datasetMetrics, jobMetrics } from "../../../src/render/metrics/job_metrics.ts";
import { metricsText } from "../../../src/render/metrics/metrics_text.ts";
import { poolMetrics } from "../../../src/render/metrics/pool_metrics.ts";
import { openHistory } from "../../../src/history/open.ts";
import { sampleDataset, sampleRun, start } from "../../history/sample_run.ts";
import { withFolder } from "../../history/with_history.ts";

const promtool = findPromtool();

Deno.test({
  name: promtool === undefined
    ? "promtool is content (not tried: it is not here, and only root can install it)"
    : "promtool is content, also with a hostile dataset",
  ignore: promtool === undefined,
  fn: () =>
    withFolder(async (folder) => {
      const hour = 3_600_000;
      const now = start + 48 * hour;
      using history = openHistory(`${folder}/bzman.db`, { clock: () => now });
      const hostile = 'tank/"};\\\n# HELP evil x\nevil{a="b"} 1 <é>';
      for (let at = start; at <= now; at += hour) {
        history.finishRun(sampleRun({
          result: "ok",
          startedAt: at,
          endedAt: at + 5_000,
          bytes: 2n ** 60n,
          phases: [{ phase: "list local", elapsedMs: 12 }, { phase: "send", elapsedMs: 60_001 }],
          datasets: [sampleDataset({ dataset: hostile, toCreatedAt: at }), sampleDataset()],
        }));
        const usedBytes = 2n ** 61n + BigInt(at - start) * 10_000_000n;
        history.addPoolSample({
          ...{
            at,
            host: "alpha",
            pool: "tank",
            poolGuid: "1",
            state: "DEGRADED",
            usedBytes,
            availableBytes: 2n ** 59n,
          },
          ...{
            fragmentation: 3,
            readErrors: 1,
            writeErrors: 0,
            checksumErrors: 2,
            scrubAt: at,
            sizeBytes: 2n ** 62n,
            allocatedBytes: 2n ** 61n,
          },
        });
      }
      const show = { bytes: String, duration: String };
      const jobs = history.jobs().map((job) =>
        jobStatus(readJobFacts(history, job, now), { now, objectiveMs: 600_000, format: show })
      );
      const pools = latestPools(history.poolSamples()).map((pool) => ({
        ...pool,
        forecast: forecast(pool.samples, now),
      }));
      const families = [...jobMetrics(jobs, 600_000), ...datasetMetrics(jobs, now), ...poolMetrics(pools)];
      const empty = families.filter(({ samples }) => samples.length === 0).map(({ name }) => name);
      assert.deepEqual(empty, [], "every family is tried");
      const { code, words } = await check(metricsText(families));
      assert.equal(words, "");
      assert.equal(code, 0);
      assert.equal((await check("evil{ 1\n")).code, 1, "it does judge");
    }),
});

async function check(text: string): Promise<{ code: number; words: string }> {
  const child = new Deno.Command(promtool ?? "", {
    args: ["check", "metrics"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  return { code, words: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

/** Its path; installed first where that is possible. */
function findPromtool(): string | undefined {
  const path = "/usr/bin/promtool";
  if (!exists(path) && Deno.uid() === 0) {
    new Deno.Command(new URL("../../../tools/packages", import.meta.url).pathname, { args: ["prometheus"] })
      .outputSync();
  }
  return exists(path) ? path : undefined;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
