/**
 * `bzman version`: which bzman this is.
 *
 * @module
 */

import type { CommonSettings, NoSettings } from "../config/settings.ts";
import { packaging, version as number } from "../version.ts";
import type { Context } from "../session/context.ts";

/** Prints the version and how this file was made. */
export function version(
  _settings: NoSettings,
  common: Pick<CommonSettings, "json">,
  context: Context,
): Promise<number> {
  const kind = packaging();
  context.stdout.write(
    common.json
      ? `${JSON.stringify({ version: number, packaging: kind, deno: Deno.version.deno })}\n`
      : `bzman ${number} (${kind})\n`,
  );
  return Promise.resolve(0);
}
