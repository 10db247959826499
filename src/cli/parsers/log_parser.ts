/**
 * The command line of `bzman log`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../../config/defaults.ts";
import { countBetween } from "../../config/values/count.ts";
import { parseDuration } from "../../config/values/duration.ts";
import { defineCommand } from "../definition.ts";
import { recordOptions, setting, toggle } from "../options/shared_options.ts";
import { oneOf, value } from "../options/value.ts";

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
        message`Show runs started within this period: 24h, 7d.`,
      ),
      limit: setting(
        "--limit",
        value("N", (text) => text === "all" ? Infinity : parseCount(text), "50"),
        defaults.logLimit,
        message`Show at most this many lines (the newest), or all.`,
      ),
      failed: toggle("--failed", message`Show only runs that failed.`),
      byDataset: toggle("--dataset", message`Show one line per dataset instead of one per run.`),
      format: setting(
        "--format",
        oneOf("FORM", ["table", "json", "csv"]),
        defaults.logFormat,
        message`The output format: a table that fits the terminal, or JSON or CSV for a program.`,
      ),
    }),
    recordOptions,
  ),
  resolve: (flags) => {
    if (flags.json && flags.format !== undefined && flags.format !== "json") {
      throw new SyntaxError(`--json and --format ${flags.format} cannot be combined`);
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
  load: async () => (await import("../../commands/log.ts")).log,
});
