import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import type { Context } from "./context.ts";

/** Placeholder until the command is wired. */
export function replicate(_settings: ReplicateSettings, _common: CommonSettings, _context: Context): Promise<number> {
  return Promise.reject(new Error("replicate is not wired yet"));
}
