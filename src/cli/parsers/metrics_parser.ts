/**
 * The command line of `bzman metrics`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../../config/defaults.ts";
import { defineCommand } from "../definition.ts";
import { recordOptions, setting } from "../options/shared_options.ts";
import { path } from "../options/value.ts";
import { objective } from "../options/watch_options.ts";

/** `bzman metrics`. */
export const metricsCommand = defineCommand({
  name: "metrics",
  brief: message`Print lag, successes, bytes, durations, failures and pools for Prometheus.`,
  description:
    message`From the record alone, in the text format of Prometheus. With --output the file is replaced atomically, as node_exporter's textfile collector requires.`,
  examples: [
    {
      line: "bzman metrics --output /var/lib/prometheus/node-exporter/bzman.prom",
      says: "for node_exporter, from cron",
    },
  ],
  options: merge(
    object("Output file", {
      output: setting(
        "--output",
        path("FILE", "bzman.prom"),
        defaults.metricsOutput,
        message`Write to this file; it is replaced atomically.`,
      ),
      objective,
    }),
    recordOptions,
  ),
  resolve: ({ output }, layer) => ({ output, objectiveMs: layer.objective ?? defaults.objective.value }),
  load: async () => (await import("../../commands/metrics.ts")).metrics,
});
