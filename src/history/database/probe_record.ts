/**
 * Whether a record could be kept at a place, found out without making, migrating or setting aside anything.
 *
 * @module
 */

import { accessSync, constants } from "node:fs";
import { openHistory, type OpenOptions } from "../open.ts";
import { folderOf } from "../paths.ts";
import { type DatabaseError, databaseError, databaseErrorKind } from "./database_errors.ts";

/** What would be wrong with the record; a run makes it, or brings an older one up to date, as far as it is writable. */
export function probeRecord(path: string, options: Omit<OpenOptions, "mode">): DatabaseError | undefined {
  using history = openHistory(path, { ...options, mode: "read" });
  return history.errors.find(({ kind }) => kind !== "absent" && kind !== "older") ?? pathError(path);
}

function pathError(path: string): DatabaseError | undefined {
  try {
    if (exists(path)) Deno.openSync(path, { write: true }).close();
    else requireWritable(path);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return databaseError(databaseErrorKind(error), path, why);
  }
}

/** @throws {Error} When nothing can be made in the nearest folder that is there. */
function requireWritable(path: string): void {
  let folder = folderOf(path);
  while (!exists(folder)) folder = folderOf(folder);
  if (!Deno.statSync(folder).isDirectory) {
    throw new Deno.errors.NotADirectory(`${folder} is a file, not a folder`);
  }
  accessSync(folder, constants.W_OK | constants.X_OK);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
