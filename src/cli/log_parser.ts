/**
 * The command line of `bzman log`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../config/defaults.ts";
import { countBetween } from "../config/values/count.ts";
import { parseDuration } from "../config/values/duration.ts";
import { defineCommand } from "./definition.ts";
import { recordOptions, setting, toggle } from "./shared_options.ts";
import { oneOf, value } from "./value.ts";

const parseCount = countBetween(1, 1_000_000);

/** `bzman log`. */
export const logCommand = defineCommand({
  name: "log",
  brief: message`Show the replication log: what was copied, when, how much, how long, and how it ended.`,
  examples: [
    { line: "bzman log", says: "the latest runs, one line each" },
    { line: "bzman log --since 24h --failed --json", says: "what went wrong since yesterday, for a program" },
    { line: "bzman log --dataset --limit all --format csv > log.csv", says: "everything, for a spreadsheet" },
  ],
  options: merge(
    object("Selection", {
      since: setting(
        "--since",
        value("TIME", parseDuration, "24h"),
        defaults.logSince,
        message`Only runs that began at most so long ago: 24h, 7d.`,
      ),
      limit: setting(
        "--limit",
        value("N", (text) => text === "all" ? Infinity : parseCount(text), "50"),
        defaults.logLimit,
        message`At most so many lines, the newest; or all.`,
      ),
      failed: toggle("--failed", message`Only runs that did not end well.`),
      byDataset: toggle("--dataset", message`One line a dataset instead of one a run.`),
      format: setting(
        "--format",
        oneOf("FORM", ["table", "json", "csv"]),
        defaults.logFormat,
        message`As a table, which fits the terminal, or for a program.`,
      ),
    }),
    recordOptions,
  ),
  settle: (flags) => {
    if (flags.json && flags.format !== undefined && flags.format !== "json") {
      throw new SyntaxError(`--json and --format ${flags.format} do not go together`);
    }
    const limit = flags.limit ?? defaults.logLimit.value;
    return {
      sinceMs: flags.since,
      limit: limit === Infinity ? undefined : limit,
      failed: flags.failed ?? false,
      byDataset: flags.byDataset ?? false,
      format: flags.json ? "json" : flags.format ?? defaults.logFormat.value,
    };
  },
  load: async () => (await import("../commands/log.ts")).log,
});
