import assert from "node:assert/strict";
import { latestPools } from "../../../src/core/capacity/latest_pools.ts";
import type { PoolSample } from "../../../src/core/pool_sample.ts";
import { metricsText } from "../../../src/render/metrics/metrics_text.ts";
import { poolMetrics } from "../../../src/render/metrics/pool_metrics.ts";

Deno.test("help and labels are escaped, values are exact", () => {
  const text = metricsText([
    {
      name: "bzman_a_bytes",
      help: "Two\nlines and a \\.",
      type: "gauge",
      samples: [
        { labels: { name: 'a"b\\c\nd{e}' }, value: 9007199254740993n },
        { labels: {}, value: 0.5 },
        { labels: { x: "é" }, value: Infinity },
      ],
    },
    { name: "bzman_none", help: "Nothing.", type: "gauge", samples: [] },
  ]);
  assert.equal(
    text,
    "# HELP bzman_a_bytes Two\\nlines and a \\\\.\n# TYPE bzman_a_bytes gauge\n" +
      'bzman_a_bytes{name="a\\"b\\\\c\\nd{e}"} 9007199254740993\nbzman_a_bytes 0.5\nbzman_a_bytes{x="é"} +Inf\n',
  );
});

Deno.test("of a pool counts what is newest, each fact by itself, and no pool of the past", () => {
  const sample = (at: number, changes: Partial<PoolSample>): PoolSample => ({
    at,
    host: "a",
    pool: "tank",
    state: "ONLINE",
    poolGuid: "2",
    ...changes,
  });
  const [pool, other] = latestPools([
    sample(1, { poolGuid: "1", usedBytes: 99n, checksumErrors: 9 }),
    sample(2, { usedBytes: 5n, scrubAt: 1 }),
    sample(2, { pool: "other", host: "b" }),
    sample(3, { usedBytes: 7n, state: "DEGRADED" }),
    { at: 4, host: "a", pool: "tank", state: "silent" },
  ]);
  assert.equal(other?.last.host, "b");
  assert.equal(pool?.last.state, "silent");
  assert.deepEqual([pool?.known.usedBytes, pool?.known.scrubAt, pool?.known.checksumErrors], [7n, 1, undefined]);
  const text = metricsText(poolMetrics([{ ...pool!, forecast: undefined }]));
  assert.match(text, /^bzman_pool_used_bytes\{host="a",pool="tank"\} 7$/m);
  assert.match(text, /^bzman_pool_state\{host="a",pool="tank",state="silent"\} 1$/m);
  assert.match(text, /^bzman_pool_healthy\{host="a",pool="tank"\} 0$/m);
  assert.doesNotMatch(text, /checksum/);
});
