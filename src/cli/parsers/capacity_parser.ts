/**
 * The command line of `bzman capacity`.
 *
 * @module
 */

import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../../config/defaults.ts";
import { countBetween } from "../../config/values/count.ts";
import { pools } from "../options/check_options.ts";
import { defineCommand } from "../definition.ts";
import { mailOptions, recordOptions, setting } from "../options/shared_options.ts";
import { value } from "../options/value.ts";

const percent = countBetween(0, 100);

/** `bzman capacity`. */
export const capacityCommand = defineCommand({
  name: "capacity",
  brief: message`Check the free space of pools and forecast when they are full. Mails when space gets low.`,
  description:
    message`Free space is available / (used + available) of the pool's root dataset. Growth is the median trend of the last 30 days' samples, which every run of replicate, health and capacity adds to the record; the brackets show the earliest and the latest day. Quotas that are nearly full and large unused reservations are reported too. The exit status follows monitoring plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.`,
  examples: [
    { line: "bzman capacity", says: "every pool of this machine" },
    { line: "bzman capacity target:tank --warn 15", says: "a pool on the host target, by a limit of its own" },
  ],
  options: merge(
    object("Arguments", { pools }),
    object("Limits", {
      warn: setting(
        "--warn",
        value("PERCENT", percent, "25"),
        defaults.warnFree,
        message`Warn when less than this percentage is free.`,
      ),
      critical: setting(
        "--critical",
        value("PERCENT", percent, "10"),
        defaults.criticalFree,
        message`Critical when less than this percentage is free.`,
      ),
    }),
    mailOptions,
    recordOptions,
  ),
  resolve: (flags) => {
    const warnPercent = flags.warn ?? defaults.warnFree.value;
    const criticalPercent = flags.critical ?? Math.min(defaults.criticalFree.value, warnPercent);
    if (criticalPercent > warnPercent) throw new RangeError("--critical is more than --warn");
    return { pools: flags.pools, warnPercent, criticalPercent };
  },
  load: async () => (await import("../../commands/capacity.ts")).capacity,
});
