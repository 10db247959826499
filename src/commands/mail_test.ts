import type { CommonSettings, NoSettings } from "../config/settings.ts";
import type { Context } from "./context.ts";

/** Placeholder until the command is wired. */
export function mailTest(_settings: NoSettings, _common: CommonSettings, _context: Context): Promise<number> {
  return Promise.reject(new Error("mailTest is not wired yet"));
}
