/**
 * The command line of `bzman health`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../../config/defaults.ts";
import { parseDuration } from "../../config/values/duration.ts";
import { defineCommand } from "../definition.ts";
import { pools } from "../options/check_options.ts";
import { mailOptions, recordOptions, setting } from "../options/shared_options.ts";
import { value } from "../options/value.ts";

/** `bzman health`. */
export const healthCommand = defineCommand({
  name: "health",
  brief: message`Check pools: state, devices, errors, scrubs. Mails when a pool is unhealthy.`,
  description:
    message`The first line sums up the result. The exit status follows monitoring plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. A new problem is mailed at once, and again every six hours while it lasts; its end is mailed too. A hanging pool is detected within seconds. Each check is stored in the record.`,
  examples: [
    { line: "bzman health", says: "every pool of this machine" },
    { line: "bzman health tank target:tank", says: "a pool here and one on the host target" },
    { line: "bzman health --quiet", says: "from cron: mail says what there is to say" },
  ],
  options: merge(
    object("Arguments", { pools }),
    object("Limits", {
      scrubAge: setting(
        "--scrub-age",
        value("TIME", parseDuration, "35d"),
        defaults.scrubAge,
        message`Warn when the last scrub ended longer ago than this. For a pool that was never scrubbed, its creation counts.`,
      ),
    }),
    mailOptions,
    recordOptions,
  ),
  resolve: (flags) => ({ pools: flags.pools, scrubAgeMs: flags.scrubAge ?? defaults.scrubAge.value }),
  load: async () => (await import("../../commands/health.ts")).health,
});
