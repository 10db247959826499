/**
 * `bzman log`: the record as a table, or for programs.
 *
 * @module
 */

import type { CommonSettings, LogSettings } from "../config/settings.ts";
import type { RunRecord } from "../core/record.ts";
import { datasetCsv, runCsv } from "../render/log/log_csv.ts";
import { datasetTable, type LoggedDataset, runTable } from "../render/log/log_table.ts";
import { datasetJson, runJson } from "../render/log/run_json.ts";
import { jsonLine } from "../render/text/json_line.ts";
import { terminalText } from "../render/text/terminal_text.ts";
import type { Context } from "../session/context.ts";
import { openSession } from "../session/open_session.ts";
import { requireReadable, warnOfDatabaseErrors } from "../session/session.ts";

/** Prints the log, the newest last. */
export async function log(settings: LogSettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "read", syslog: false });
  const { history } = session;
  const query = {
    ...(settings.sinceMs === undefined ? {} : { since: context.clock() - settings.sinceMs }),
    ...(settings.limit === undefined ? {} : { limit: settings.limit }),
    failed: settings.failed,
  };
  // A run that vanished is told as such, even when none came after it.
  history.repairKilled();
  const lines = settings.byDataset
    // The oldest run first; within a run the order of the tree stays.
    ? datasetLines([...history.datasets(query)].sort((a, b) => a.runId - b.runId), settings.format, context)
    : runLines(history.runs({ ...query, datasets: settings.format === "json" }).toReversed(), settings.format, context);
  requireReadable(history);
  warnOfDatabaseErrors(history);
  for (const line of lines) {
    if (context.stdout.closed) break;
    context.stdout.write(line);
  }
  return 0;
}

function datasetLines(
  entries: readonly LoggedDataset[],
  format: LogSettings["format"],
  { stdout }: Context,
): readonly string[] {
  switch (format) {
    case "csv":
      return datasetCsv(entries);
    case "json": {
      const datasets = entries.map((entry) => ({
        runId: entry.runId,
        startedAt: new Date(entry.startedAt).toISOString(),
        ...datasetJson(entry) as Record<string, unknown>,
      }));
      return [jsonLine({ datasets })];
    }
    case "table":
      return datasetTable(entries, stdout.columns).map((line) => `${line}\n`);
  }
}

function runLines(
  runs: readonly RunRecord[],
  format: LogSettings["format"],
  { stdout }: Context,
): readonly string[] {
  switch (format) {
    case "csv":
      return runCsv(runs);
    case "json":
      return [jsonLine({ runs: runs.map(runJson) })];
    case "table": {
      const last = runs.at(-1)?.message;
      return [
        ...runTable(runs, stdout.columns),
        ...(last !== undefined && stdout.isTerminal ? [`last: ${terminalText(last)}`] : []),
      ].map((line) => `${line}\n`);
    }
  }
}
