/**
 * The file of the database: made private, and looked at.
 *
 * @module
 */

import { folderOf } from "../paths.ts";

/** Makes the folder and an empty file that others cannot read: messages and mails may name what is private. */
export function prepareFile(path: string): void {
  const folder = folderOf(path);
  try {
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (isFile(folder)) throw new Deno.errors.NotADirectory(`${folder} is a file, not a folder`, { cause: error });
    throw error;
  }
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** @throws {Error} When something else than its absence keeps it from being looked at. */
export function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
