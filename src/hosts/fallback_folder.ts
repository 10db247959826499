/**
 * The folder for what every run of one user must find again while the state folder can be neither read nor written: on a
 * full or broken disk, without a home.
 *
 * @module
 */

/**
 * Where it is. It depends on the user alone: cron sets no `XDG_RUNTIME_DIR`, and two runs must come to the same place. It
 * is not `/tmp/bzman-UID`: the packaged program may unpack itself there, and that may be removed at any time.
 *
 * @param uid The user's number, or `null` where there is none.
 */
export function fallbackFolder(uid: number | null): string {
  return uid === 0 ? "/run/bzman" : `/tmp/bzman-state-${uid}`;
}

/**
 * Makes the folder unless it is there. In `/tmp` anybody may have made one of that name before.
 *
 * @throws {Error} When it cannot be made, is no folder but a link, belongs to somebody else, or is open to others.
 */
export async function makeFallbackFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  await checkFallbackFolder(folder);
}

/**
 * Looks whether the folder is there, and nobody but this user can have put anything into it.
 *
 * @throws {Error} When it is not there, is a link, belongs to somebody else, or is open to others.
 */
export async function checkFallbackFolder(folder: string): Promise<void> {
  const { isDirectory, uid, mode } = await Deno.lstat(folder);
  if (!isDirectory) throw new Error(`${folder} is no folder`);
  if (uid !== Deno.uid()) throw new Error(`${folder} belongs to another user`);
  if (((mode ?? 0) & 0o077) !== 0) throw new Error(`${folder} is open to other users`);
}
