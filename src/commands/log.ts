import type { CommonSettings, LogSettings } from "../config/settings.ts";
import type { Context } from "./context.ts";

/** Placeholder until the command is wired. */
export function log(_settings: LogSettings, _common: CommonSettings, _context: Context): Promise<number> {
  return Promise.reject(new Error("log is not wired yet"));
}
