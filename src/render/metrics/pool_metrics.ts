/**
 * What Prometheus learns of pools, from the samples of the record.
 *
 * @module
 */

import type { Forecast } from "../../core/capacity/forecast.ts";
import type { PoolSample } from "../../core/pool_sample.ts";
import { sample, seconds } from "./job_metrics.ts";
import type { MetricFamily } from "./metrics_text.ts";

/** A pool with what its samples say. */
export interface PoolFacts {
  /** The newest sample. */
  readonly last: PoolSample;
  /** Of the newest samples that knew them: space, errors and the last scrub. */
  readonly known: Partial<PoolSample>;
  readonly forecast: Forecast | undefined;
}

const secondsPerDay = 86_400;

/** The families of pools. */
export function poolMetrics(pools: readonly PoolFacts[]): MetricFamily[] {
  const gauge = (
    name: string,
    help: string,
    value: (pool: PoolFacts) => number | bigint | undefined,
    labels: (pool: PoolFacts) => Record<string, string> = () => ({}),
  ): MetricFamily => ({
    name: `bzman_pool_${name}`,
    help,
    type: "gauge",
    samples: pools.flatMap((pool) =>
      sample({ host: pool.last.host, pool: pool.last.pool, ...labels(pool) }, value(pool))
    ),
  });
  return [
    gauge("sample_timestamp_seconds", "When the pool was last looked at.", ({ last }) => seconds(last.at)),
    gauge("state", "The state of the pool, as a label.", () => 1, ({ last }) => ({ state: last.state })),
    gauge("healthy", "Whether the pool was ONLINE.", ({ last }) => last.state === "ONLINE" ? 1 : 0),
    gauge("used_bytes", "Used space of the root dataset.", ({ known }) => known.usedBytes),
    gauge("available_bytes", "Available space of the root dataset.", ({ known }) => known.availableBytes),
    gauge("size_bytes", "Size of the pool with its redundancy.", ({ known }) => known.sizeBytes),
    gauge("allocated_bytes", "Allocated space of the pool with its redundancy.", ({ known }) => known.allocatedBytes),
    gauge(
      "fragmentation_ratio",
      "Fragmentation of the free space, 0 to 1.",
      ({ known }) => known.fragmentation === undefined ? undefined : known.fragmentation / 100,
    ),
    gauge(
      "growth_bytes_per_second",
      "Growth of the used space, a robust trend of the last 30 days.",
      ({ forecast }) => forecast && forecast.growthBytesPerDay / secondsPerDay,
    ),
    gauge("time_until_full_seconds", "Time until the pool is full at this growth; absent when not within ten years.", ({
      forecast,
    }) => forecast?.untilFull && Math.round(forecast.untilFull.days * secondsPerDay)),
    gauge("read_errors", "Read errors of all devices since they were cleared.", ({ known }) => known.readErrors),
    gauge("write_errors", "Write errors of all devices since they were cleared.", ({ known }) => known.writeErrors),
    gauge(
      "checksum_errors",
      "Checksum errors of all devices since they were cleared.",
      ({ known }) => known.checksumErrors,
    ),
    gauge("last_scrub_timestamp_seconds", "When the last scrub ended.", ({ known }) => seconds(known.scrubAt)),
  ];
}
