/**
 * The command line of `bzman report`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../../config/defaults.ts";
import { parseDuration } from "../../config/values/duration.ts";
import { parseMailAddress } from "../../mail_address.ts";
import { defineCommand } from "../definition.ts";
import { list, mailOptions, recordOptions, setting } from "../options/shared_options.ts";
import { path, value } from "../options/value.ts";
import { objective } from "../options/watch_options.ts";

/** `bzman report`. */
export const reportCommand = defineCommand({
  name: "report",
  brief: message`Report on all jobs and pools: what is protected, what went wrong and why, as a mail or an HTML page.`,
  description: message`Without --to and --output, the report is mailed to the configured address.`,
  examples: [
    { line: "bzman report --to ann@example.org", says: "mail the last 24 hours" },
    {
      line: "bzman report --output /var/www/html/bzman.html",
      says: "write them as a page, one file that loads nothing",
    },
    { line: "bzman report --since 7d --json", says: "the last week, for a program" },
  ],
  options: merge(
    object("Report", {
      to: list(
        "--to",
        value("ADDR", parseMailAddress, "root"),
        defaults.reportTo,
        message`Mail the report to this address. May be repeated.`,
      ),
      output: setting(
        "--output",
        path("FILE.html", "report.html"),
        defaults.reportOutput,
        message`Write the report to this file; it is replaced atomically.`,
      ),
      since: setting(
        "--since",
        value("TIME", parseDuration, "24h"),
        defaults.reportSince,
        message`The period to report on: 24h, 7d.`,
      ),
      objective,
    }),
    mailOptions,
    recordOptions,
  ),
  resolve: (flags, layer) => ({
    to: flags.to ?? (flags.output === undefined && !layer.json ? layer.mailTo ?? defaults.mailTo.value : []),
    output: flags.output,
    sinceMs: flags.since ?? defaults.reportSince.value,
    objectiveMs: layer.objective ?? defaults.objective.value,
  }),
  load: async () => (await import("../../commands/report.ts")).report,
});
