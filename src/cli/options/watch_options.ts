/**
 * The options that say how a job is watched.
 *
 * @module
 */

import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { defaults } from "../../config/defaults.ts";
import { parseDuration } from "../../config/values/duration.ts";
import { parsePingUrl } from "../../config/values/ping_url.ts";
import { setting } from "./shared_options.ts";
import { value } from "./value.ts";

/** `--objective`. */
export const objective = setting(
  "--objective",
  value("TIME", parseDuration, "10m"),
  defaults.objective,
  message`The lag objective: twice as much is a warning, six times as much is critical.`,
  "BZMAN_OBJECTIVE",
);

/** How a replication is watched. */
export const watchOptions = object("Watching", {
  ping: setting(
    "--ping",
    value("URL", parsePingUrl, "https://hc-ping.com/uuid"),
    defaults.ping,
    message`The URL of a dead man's switch: called with /start appended when a run starts, unchanged after success, with /fail appended after a failure.`,
    "BZMAN_PING",
  ),
  objective,
});
