/**
 * The command line of `bzman status`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple } from "@optique/core/modifiers";
import { argument } from "@optique/core/primitives";
import { defaults } from "../config/defaults.ts";
import { defineCommand } from "./definition.ts";
import { mailOptions, recordOptions, toggle } from "./shared_options.ts";
import { value } from "./value.ts";
import { objective } from "./watch_options.ts";

/** `bzman status`. */
export const statusCommand = defineCommand({
  name: "status",
  brief: message`Say whether the data is protected: how far each copy is behind, what failed, what to do.`,
  description:
    message`From the record alone, so it answers while the target is down. The lag is the age of the newest version that both sides have. A run that failed is a warning also while the lag is fine. The first line says it all, and the exit status is that of monitoring plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. A lag that gets too long although no run fails is mailed.`,
  examples: [
    { line: "bzman status", says: "every job of the record" },
    { line: "bzman status 'tank>target' --objective 1h", says: "one job, by an objective of its own" },
    { line: "bzman status 'tank>old' --retire", says: "this pair is wanted no more, so being late is no fault" },
  ],
  options: merge(
    object("Arguments", {
      jobs: multiple(argument(value("JOB", (text) => text, "tank>target"), {
        description: message`A job as the record calls it, 'SOURCE>TARGET' as typed. Without any: all.`,
      })),
    }),
    object("Limits", { objective }),
    object("Jobs that came to an end", {
      retire: toggle(
        "--retire",
        message`The jobs named are wanted no more: status, metrics, report and mails leave them out until they run again. Nothing of the record or of the copy is removed.`,
      ),
    }),
    mailOptions,
    recordOptions,
  ),
  settle({ jobs, retire }, layer) {
    if (retire && jobs.length === 0) throw new SyntaxError("--retire needs the JOB that is wanted no more");
    return { jobs, objectiveMs: layer.objective ?? defaults.objective.value, retire: retire ?? false };
  },
  load: async () => (await import("../commands/status.ts")).status,
});
