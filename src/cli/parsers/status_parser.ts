/**
 * The command line of `bzman status`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple } from "@optique/core/modifiers";
import { argument } from "@optique/core/primitives";
import { defaults } from "../../config/defaults.ts";
import { defineCommand } from "../definition.ts";
import { mailOptions, recordOptions, toggle } from "../options/shared_options.ts";
import { value } from "../options/value.ts";
import { objective } from "../options/watch_options.ts";

/** `bzman status`. */
export const statusCommand = defineCommand({
  name: "status",
  brief: message`Show whether the data is protected: the lag of each copy, what failed, and what to do.`,
  description:
    message`Reads only the record, so it works while the target is down. The lag is the age of the newest common snapshot. A failed run is a warning even while the lag is within the objective. The first line sums up the result. The exit status follows monitoring plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. A lag alert is mailed when no run fails but the copy falls behind.`,
  examples: [
    { line: "bzman status", says: "every job of the record" },
    { line: "bzman status 'tank>target' --objective 1h", says: "one job, by an objective of its own" },
    { line: "bzman status 'tank>old' --retire", says: "this pair is retired; its lag raises no alert" },
  ],
  options: merge(
    object("Arguments", {
      jobs: multiple(argument(value("JOB", (text) => text, "tank>target"), {
        description: message`A job by its name in the record, 'SOURCE>TARGET' as typed. Default: all jobs.`,
      })),
    }),
    object("Limits", { objective }),
    object("Retired jobs", {
      retire: toggle(
        "--retire",
        message`Retire these jobs: status, metrics, report and alerts leave them out until they run again. The record and the copies are kept.`,
      ),
    }),
    mailOptions,
    recordOptions,
  ),
  resolve({ jobs, retire }, layer) {
    if (retire && jobs.length === 0) throw new SyntaxError("--retire needs the name of a JOB");
    return { jobs, objectiveMs: layer.objective ?? defaults.objective.value, retire: retire ?? false };
  },
  load: async () => (await import("../../commands/status.ts")).status,
});
