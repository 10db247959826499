/**
 * The state of an alert outside of the record, for as long as the record itself cannot hold it: without one, the same
 * trouble would be mailed by every run.
 *
 * @module
 */

import type { AlertState } from "../core/alerts/alert_state.ts";
import { hashedName } from "../hosts/hashed_name.ts";
import { checkFallbackFolder, makeFallbackFolder } from "../hosts/fallback_folder.ts";
import { replaceFile } from "../hosts/replace_file.ts";

/** A place for the state of one alert. */
export interface AlertStateFile {
  /** The state, or `undefined` when none is kept there. */
  read(): Promise<AlertState | undefined>;
  /** Whether the place allows to keep the state. Keeps nothing. */
  canKeep(state: AlertState): Promise<boolean>;
  /** Keeps the state, if the place allows it. */
  keep(state: AlertState): Promise<void>;
  /** Lets go of it, when there is one. */
  remove(): Promise<void>;
}

/**
 * The note of an alert.
 *
 * @param folder The spare folder; it is made when something is written.
 * @param key The alert's name.
 */
export async function alertStateFile(folder: string, key: string): Promise<AlertStateFile> {
  const path = `${folder}/${await hashedName(key)}.alert`;
  const write = async (file: string, state: AlertState) => {
    await makeFallbackFolder(folder);
    await replaceFile(file, JSON.stringify(state));
  };
  return {
    async read() {
      try {
        await checkFallbackFolder(folder);
        return parse(await Deno.readTextFile(path));
      } catch {
        return undefined;
      }
    },
    async canKeep(state) {
      const trial = `${path}.${crypto.randomUUID().slice(0, 8)}.trial`;
      try {
        await write(trial, state);
        await Deno.remove(trial);
        return true;
      } catch {
        return false;
      }
    },
    async keep(state) {
      await write(path, state).catch(() => {});
    },
    async remove() {
      await Deno.remove(path).catch(() => {});
    },
  };
}

/** The state that was seen last. */
export function laterState(one: AlertState | undefined, other: AlertState | undefined): AlertState | undefined {
  return one === undefined || (other !== undefined && other.lastSeenAt > one.lastSeenAt) ? other : one;
}

/** A note that cannot be read is as good as none: the trouble, if it lasts, is told anew. */
function parse(text: string): AlertState | undefined {
  const state = JSON.parse(text) as Partial<AlertState> | null;
  const isWhole = typeof state?.open === "boolean" && typeof state.lastSeenAt === "number" &&
    typeof state.mailedClasses === "object" && Array.isArray(state.openings);
  return isWhole ? state as AlertState : undefined;
}
