/**
 * `bzman metrics`: what the record knows, for Prometheus.
 *
 * @module
 */

import type { CommonSettings, MetricsSettings } from "../config/settings.ts";
import { isForgotten } from "../core/alerts/alert_state.ts";
import { forecast } from "../core/capacity/forecast.ts";
import { latestPools } from "../core/capacity/latest_pools.ts";
import { exitStatus } from "../core/fault.ts";
import { jobStatus } from "../core/status/job_status.ts";
import type { History } from "../history/history.ts";
import { replaceFile } from "../hosts/replace_file.ts";
import { readJobFacts } from "../recording/read_job_facts.ts";
import { datasetMetrics, jobMetrics } from "../render/metrics/job_metrics.ts";
import { type MetricFamily, metricsText } from "../render/metrics/metrics_text.ts";
import { poolMetrics } from "../render/metrics/pool_metrics.ts";
import { bytesText } from "../render/text/bytes.ts";
import { durationText } from "../render/text/duration.ts";
import { bytesJson } from "../render/text/json.ts";
import { jsonLine } from "../render/text/json_line.ts";
import type { Context } from "../session/context.ts";
import { openSession } from "../session/open_session.ts";
import { requireReadable, warnOfDatabaseErrors } from "../session/session.ts";
import { packaging, version } from "../version.ts";

/** Pools that were not looked at for longer are forgotten, in milliseconds. */
const lookBackMs = 30 * 86_400_000;

/** Prints or writes the metrics. */
export async function metrics(settings: MetricsSettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "read", syslog: false });
  const { history } = session;
  history.repairKilled();
  const families = familiesOf(history, settings.objectiveMs, context.clock());
  // Nothing recorded yet is no failure: the file for Prometheus is there from the first minute.
  requireReadable(history);
  warnOfDatabaseErrors(history);
  const text = common.json ? jsonLine({ families: familiesJson(families) }) : metricsText(families);
  if (settings.output === undefined) context.stdout.write(text);
  else await replaceFile(settings.output, text, { mode: 0o644 });
  return exitStatus.done;
}

function familiesOf(history: History, objectiveMs: number, now: number): MetricFamily[] {
  const show = { bytes: bytesText, duration: durationText };
  const jobs = history.jobs().map((known) =>
    jobStatus(readJobFacts(history, known, now), { now, objectiveMs, format: show })
  );
  const pools = latestPools(history.poolSamples({ since: now - lookBackMs })).map(({ last, known, samples }) => ({
    last,
    known,
    forecast: forecast(samples, now),
  }));
  return [
    {
      name: "bzman_build_info",
      help: "Which bzman wrote this.",
      type: "gauge",
      samples: [{ labels: { version, packaging: packaging() }, value: 1 }],
    },
    ...jobMetrics(jobs, objectiveMs),
    ...datasetMetrics(jobs, now),
    ...poolMetrics(pools),
    {
      name: "bzman_alert_open",
      help: "Open alerts.",
      type: "gauge",
      samples: history.openAlerts().filter(({ state }) => !isForgotten(state, now)).map((
        { key, state: { severity, errorClass } },
      ) => ({
        labels: { alert: key, severity, class: errorClass },
        value: 1,
      })),
    },
    {
      name: "bzman_mails_waiting",
      help: "Mails that could not be sent yet.",
      type: "gauge",
      samples: [{ labels: {}, value: history.countWaitingMails() }],
    },
  ];
}

function familiesJson(families: readonly MetricFamily[]) {
  return families.map((family) => ({
    ...family,
    samples: family.samples.map(({ labels, value }) => ({
      labels,
      value: typeof value === "bigint" ? bytesJson(value) : value,
    })),
  }));
}
