import type { CommonSettings, PruneSettings } from "../config/settings.ts";
import type { Context } from "./context.ts";

/** Placeholder until the command is wired. */
export function prune(_settings: PruneSettings, _common: CommonSettings, _context: Context): Promise<number> {
  return Promise.reject(new Error("prune is not wired yet"));
}
