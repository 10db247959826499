/**
 * `bzman log`: the record as a table.
 *
 * @module
 */

import type { CommonSettings, LogSettings } from "../config/settings.ts";
import { datasetJson, runJson } from "../render/run_json.ts";
import { datasetTable, runTable } from "../render/log_table.ts";
import { terminalText } from "../render/terminal_text.ts";
import type { Context } from "./context.ts";
import { openSession, warnOfTroubles } from "./session.ts";

/** Prints the log, the newest last. */
export async function log(settings: LogSettings, common: CommonSettings, context: Context): Promise<number> {
  await using session = await openSession(common, context, { record: "read", syslog: false });
  const { history } = session;
  const query = {
    ...(settings.sinceMs === undefined ? {} : { since: context.clock() - settings.sinceMs }),
    ...(settings.limit === undefined ? {} : { limit: settings.limit }),
    failed: settings.failed,
  };
  if (history.troubles.length > 0) warnOfTroubles(history);
  const width = context.stdout.columns;
  if (settings.byDataset) {
    // The oldest run first; within a run the order of the tree stays.
    const entries = [...history.datasets(query)].sort((a, b) => a.runId - b.runId);
    if (common.json) {
      const datasets = entries.map((entry) => ({
        runId: entry.runId,
        startedAt: new Date(entry.startedAt).toISOString(),
        ...datasetJson(entry) as Record<string, unknown>,
      }));
      context.stdout.write(`${JSON.stringify({ datasets })}\n`);
    } else {
      for (const line of datasetTable(entries, width)) context.stdout.write(`${line}\n`);
    }
    return 0;
  }
  const runs = [...history.runs({ ...query, datasets: true })].reverse();
  if (common.json) {
    context.stdout.write(`${JSON.stringify({ runs: runs.map(runJson) })}\n`);
    return 0;
  }
  for (const line of runTable(runs, width)) context.stdout.write(`${line}\n`);
  const last = runs.at(-1);
  if (last?.message !== undefined && context.stdout.isTerminal) {
    context.stdout.write(`last: ${terminalText(last.message)}\n`);
  }
  return 0;
}
