/**
 * Where the record lies.
 *
 * @module
 */

/** Whose state folder is asked for. */
export interface StateInputs {
  readonly isRoot: boolean;
  /** `$XDG_STATE_HOME`. */
  readonly stateHome: string | undefined;
  /** `$HOME`. */
  readonly home: string | undefined;
}

/** What the choice depends on. */
export interface PathInputs extends StateInputs {
  /** The value of `--db` (or of the environment or config file): a file, or a folder. */
  readonly given: string | undefined;
  /** True when {@link given} names a folder that exists. */
  readonly givenIsFolder: boolean;
}

/** The name of the database file in its folder. */
export const databaseName = "bzman.db";

/** The folder where bzman keeps its state unless told otherwise; `undefined` when there is no home to put it in. */
export function stateFolder({ isRoot, stateHome, home }: StateInputs): string | undefined {
  if (isRoot) return "/var/lib/bzman";
  // The XDG specification asks that relative paths be ignored.
  if (stateHome?.startsWith("/")) return join(stateHome, "bzman");
  if (home?.startsWith("/")) return join(home, ".local/state/bzman");
  return undefined;
}

/**
 * The path of the database file.
 *
 * @returns `undefined` when nothing was given and there is no home to put it in.
 */
export function databasePath(inputs: PathInputs): string | undefined {
  const { given, givenIsFolder } = inputs;
  if (given !== undefined && given !== "") {
    return givenIsFolder || given.endsWith("/") ? join(given, databaseName) : given;
  }
  const folder = stateFolder(inputs);
  return folder === undefined ? undefined : join(folder, databaseName);
}

/** The folder a file lies in. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : slash === 0 ? "/" : path.slice(0, slash);
}

function join(folder: string, name: string): string {
  return folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}
