/**
 * The environment as a layer of settings: `BZMAN_DB`, `BZMAN_MAIL_TO` and so on.
 *
 * @module
 */

import type { Layer } from "./layer.ts";
import { orUsageError } from "./usage_error.ts";
import { parseDuration } from "./values/duration.ts";
import { parseFilePath } from "./values/file_path.ts";
import { parseKeep } from "./values/keep.ts";
import { parseMailAddress, parseMailAddresses } from "../mail_address.ts";
import { parsePingUrl } from "./values/ping_url.ts";
import { parsePrefix } from "./values/prefix.ts";
import { checkSmtpUrl } from "../smtp_url.ts";

/** The variables, the setting each one makes, and how its text is read. */
const variables = {
  BZMAN_DB: ["db", parseFilePath],
  BZMAN_MAIL_TO: ["mailTo", parseMailAddresses],
  BZMAN_MAIL_FROM: ["mailFrom", parseMailAddress],
  BZMAN_SMTP: ["smtp", checkSmtpUrl],
  BZMAN_PREFIX: ["prefix", parsePrefix],
  BZMAN_KEEP: ["keep", parseKeep],
  BZMAN_PING: ["ping", parsePingUrl],
  BZMAN_OBJECTIVE: ["objective", parseDuration],
} as const satisfies Readonly<Record<string, readonly [keyof Layer, (text: string) => unknown]>>;

/** A variable that bzman reads. */
export type Variable = keyof typeof variables;

/** The names of all variables that bzman reads. */
export const variableNames = Object.keys(variables) as readonly Variable[];

/**
 * Reads the environment.
 *
 * @param get Looks a variable up. One that is empty counts as not set.
 * @throws {UsageError} Names the variable whose text is wrong.
 */
export function environmentLayer(get: (name: string) => string | undefined): Layer {
  const layer: Record<string, unknown> = {};
  for (const [name, [setting, parse]] of Object.entries(variables)) {
    const text = get(name);
    if (text === undefined || text === "") continue;
    layer[setting] = orUsageError(() => parse(text), `environment variable ${name}`, `Correct it, or unset ${name}`);
  }
  return layer;
}
