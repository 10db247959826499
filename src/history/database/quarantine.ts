/**
 * Moves a damaged database out of the way, so that a new one can be begun.
 *
 * @module
 */

/**
 * Renames the database and what belongs to it to `…damaged-TIME`.
 *
 * Two runs may find the damage at the same moment, and the second must not move away what the first has just begun
 * anew: so it happens under a lock on the folder, and only while the file is still damaged.
 *
 * @param isDamaged Looks at the file again.
 * @returns The new name, or `undefined` when another process has already done it.
 * @throws {Error} When the folder does not allow it.
 */
export function quarantine(path: string, now: number, isDamaged: () => boolean): string | undefined {
  const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || (path.startsWith("/") ? "/" : ".");
  using lock = Deno.openSync(folder, { read: true });
  for (let tries = 0; !lock.tryLockSync(true); tries += 1) {
    if (tries >= 50) throw new Error("another process is setting the damaged record aside");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
  if (!isDamaged()) return undefined;
  const aside = freeName(`${path}.damaged-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, "")}`);
  // The write-ahead log first: a new database must never meet an old log.
  for (const suffix of ["-wal", "-shm", ""]) {
    try {
      Deno.renameSync(`${path}${suffix}`, `${aside}${suffix}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return aside;
}

function freeName(wanted: string): string {
  for (let number = 1;; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    try {
      Deno.lstatSync(name);
    } catch {
      return name;
    }
  }
}
