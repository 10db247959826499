/**
 * `bzman man`: prints the manual page.
 *
 * @module
 */

import type { Context } from "../../session/context.ts";
import type { CommonSettings, NoSettings } from "../../config/settings.ts";
import { version } from "../../version.ts";
import { manualPage } from "./man_page.ts";

/** Prints the manual page as roff. */
export function man(_settings: NoSettings, common: CommonSettings, context: Context): Promise<number> {
  const page = manualPage(version);
  context.stdout.write(common.json ? `${JSON.stringify({ roff: page })}\n` : page);
  return Promise.resolve(0);
}
