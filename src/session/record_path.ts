/**
 * Where the record is, and that a file named by --db is one.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import { exitStatus, Fault } from "../core/fault.ts";
import { databaseError } from "../history/database/database_errors.ts";
import { fileOwner } from "../history/database/record_file.ts";
import { databasePath, type StateInputs } from "../history/paths.ts";
import type { Context } from "./context.ts";

/**
 * The file of the record.
 *
 * @throws {Fault} When there is no place for it.
 */
export function recordPath(common: Pick<CommonSettings, "db">, context: Context): string {
  const path = databasePath({
    given: common.db,
    givenIsFolder: common.db !== undefined && isFolder(common.db),
    ...stateInputs(context),
  });
  if (path !== undefined) return path;
  throw new Fault({
    errorClass: "record-place",
    what: "there is no place for the record",
    why: "HOME is not set",
    next: "name one with --db PATH",
    exit: exitStatus.usage,
  });
}

/**
 * Keeps every command, dry runs and checks too, from a file that `--db` names and that is not bzman's.
 *
 * @throws {Fault} When it is somebody else's.
 */
export function refuseForeign(common: CommonSettings, context: Context): void {
  if (common.db === undefined) return;
  const file = recordPath(common, context);
  if (isOwnPlace(file, context) || fileOwner(file) !== "foreign") return;
  const { message, advice } = databaseError("foreign", file, "it is not a record of bzman's; left untouched");
  throw new Fault({ errorClass: "record-place", what: message, next: advice, exit: exitStatus.usage });
}

/** Whether a file has the name and place of the record that bzman keeps where none is named. */
export function isOwnPlace(file: string, context: Context): boolean {
  return file === databasePath({ given: undefined, givenIsFolder: false, ...stateInputs(context) });
}

export function stateInputs({ env }: Context): StateInputs {
  return { isRoot: Deno.uid() === 0, stateHome: env("XDG_STATE_HOME"), home: env("HOME") };
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
