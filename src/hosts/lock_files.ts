/**
 * Opens lock files, also in folders that every user of the machine can write.
 *
 * @module
 */

/** An open file, and whether this user owns it. */
export interface LockFile {
  readonly file: Deno.FsFile;
  readonly isOwn: boolean;
}

/** A pipe that somebody put there in the last moment would never open. In milliseconds. */
const openMs = 2000;

/**
 * Opens a lock file, made when missing. Everybody may read it, so that everybody may lock it: the kernel's lock (flock) needs
 * no more. In a folder that all can write, somebody else may have put anything there: what is no plain file with one
 * name is refused, and nothing is ever written into a file of another user.
 *
 * @throws {Error} When it cannot be made or opened, or is no plain file.
 */
export async function openLockFile(path: string): Promise<LockFile> {
  for (let tries = 0;; tries++) {
    const seen = await look(path);
    if (seen === undefined) {
      const file = await create(path);
      if (file !== undefined) return { file, isOwn: true };
      if (tries < 3) continue;
      throw new Error(`${path} comes and goes`);
    }
    if (!seen.isFile || seen.nlink !== 1) throw new Error(`${path} is no plain file of its own`);
    const isOwn = seen.uid === Deno.uid();
    const file = await openExisting(path, isOwn);
    const { dev, ino } = await file.stat();
    // Another one than was looked at: exchanged meanwhile.
    if (dev === seen.dev && ino === seen.ino) return { file, isOwn };
    file.close();
    if (tries >= 3) throw new Error(`${path} is exchanged again and again`);
  }
}

/** Whether a file that was locked still has the path: one that was deleted keeps nobody back. */
export async function isStillThere(path: string, file: Deno.FsFile): Promise<boolean> {
  const [there, own] = [await look(path), await file.stat()];
  return there !== undefined && there.dev === own.dev && there.ino === own.ino;
}

async function look(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Not with `create` alone: in such folders the kernel then refuses what belongs to others, to root too (fs.protected_regular). */
async function create(path: string): Promise<Deno.FsFile | undefined> {
  try {
    const file = await Deno.open(path, { read: true, write: true, createNew: true, mode: 0o644 });
    // Whatever the umask: who cannot read it cannot lock it.
    await Deno.chmod(path, 0o644).catch(() => {});
    return file;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  }
}

async function openExisting(path: string, isOwn: boolean): Promise<Deno.FsFile> {
  const readOnly = { read: true } as const;
  // On a disk that is read-only, a file that is there can still be locked.
  const opening = isOwn
    ? Deno.open(path, { read: true, write: true }).catch(() => Deno.open(path, readOnly))
    : Deno.open(path, readOnly);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => timer = setTimeout(() => resolve(undefined), openMs));
  const file = await Promise.race([opening, late]);
  clearTimeout(timer);
  if (file !== undefined) return file;
  opening.then((opened) => opened.close(), () => {});
  throw new Error(`${path} cannot be opened`);
}
