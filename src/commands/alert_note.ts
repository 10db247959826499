/**
 * The state of an alert outside of the record, for as long as the record itself cannot hold it: without one, the same
 * trouble would be mailed by every run.
 *
 * @module
 */

import type { AlertState } from "../core/alerts.ts";
import { hashedName } from "../hosts/hashed_name.ts";
import { checkSpareFolder, makeSpareFolder } from "../hosts/spare_folder.ts";
import { replaceFile } from "./replace_file.ts";

/** A place for the state of one alert. */
export interface AlertNote {
  /** The state, or `undefined` when none is kept there. */
  read(): Promise<AlertState | undefined>;
  /** Keeps the state; false when the place does not allow it. */
  write(state: AlertState): Promise<boolean>;
  /** Lets go of it, when there is one. */
  remove(): Promise<void>;
}

/**
 * The note of an alert.
 *
 * @param folder The spare folder; it is made when something is written.
 * @param key The alert's name.
 */
export async function alertNote(folder: string, key: string): Promise<AlertNote> {
  const path = `${folder}/${await hashedName(key)}.alert`;
  return {
    async read() {
      try {
        await checkSpareFolder(folder);
        return parse(await Deno.readTextFile(path));
      } catch {
        return undefined;
      }
    },
    async write(state) {
      try {
        await makeSpareFolder(folder);
        await replaceFile(path, JSON.stringify(state));
        return true;
      } catch {
        return false;
      }
    },
    async remove() {
      await Deno.remove(path).catch(() => {});
    },
  };
}

/** A note that cannot be read is as good as none: the trouble, if it lasts, is told anew. */
function parse(text: string): AlertState | undefined {
  const state = JSON.parse(text) as Partial<AlertState> | null;
  const isWhole = typeof state?.open === "boolean" && typeof state.lastSeenAt === "number" &&
    typeof state.mailedClasses === "object" && Array.isArray(state.openings);
  return isWhole ? state as AlertState : undefined;
}
