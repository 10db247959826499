/**
 * The command line of `bzman health`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../config/defaults.ts";
import { parseDuration } from "../config/values/duration.ts";
import { defineCommand } from "./definition.ts";
import { pools } from "./check_options.ts";
import { mailOptions, recordOptions, setting } from "./shared_options.ts";
import { value } from "./value.ts";

/** `bzman health`. */
export const healthCommand = defineCommand({
  name: "health",
  brief: message`Check pools: state, devices, errors, scrubs; mail when one is not well.`,
  description:
    message`As monitoring plugins do, the first line says it all, and the exit status is 0 for OK, 1 for WARNING, 2 for CRITICAL, 3 for UNKNOWN. New trouble is mailed at once, then again every six hours, and so is its end. A pool that hangs is told from one that is well within seconds. Each check is kept in the record.`,
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
        message`Warn when the last scrub ended longer ago. A pool that was never scrubbed counts from its creation.`,
      ),
    }),
    mailOptions,
    recordOptions,
  ),
  settle: (flags) => ({ pools: flags.pools, scrubAgeMs: flags.scrubAge ?? defaults.scrubAge.value }),
  load: async () => (await import("../commands/health.ts")).health,
});
