/**
 * The sign of life of a run: a locked file beside the database. The kernel drops the lock when the process ends,
 * however it ends, so a later run can tell a living run from a killed one without asking about process numbers, which
 * are reused.
 *
 * @module
 */

/** The held mark of a run that goes on. */
export interface RunMark {
  /** Ends the mark. Idempotent. */
  release(): void;
}

/** Marks a run as living. `undefined` when the place does not allow it. */
export function takeMark(databasePath: string, uuid: string): RunMark | undefined {
  const path = markPath(databasePath, uuid);
  if (path === undefined) return undefined;
  let file: Deno.FsFile | undefined;
  try {
    file = Deno.openSync(path, { write: true, create: true, mode: 0o600 });
    if (!file.tryLockSync(true)) throw new Error("another run has this mark");
  } catch {
    file?.close();
    return undefined;
  }
  let held: Deno.FsFile | undefined = file;
  return {
    release(): void {
      if (held === undefined) return;
      remove(path);
      held.close();
      held = undefined;
    },
  };
}

/** True while the process of a marked run lives. Removes the mark of a dead one. */
export function isMarkHeld(databasePath: string, uuid: string): boolean {
  const path = markPath(databasePath, uuid);
  if (path === undefined) return false;
  try {
    using file = Deno.openSync(path, { write: true });
    if (!file.tryLockSync(true)) return true;
    remove(path);
    return false;
  } catch (error) {
    // What cannot be opened for another reason than its absence may well be held.
    return !(error instanceof Deno.errors.NotFound);
  }
}

function markPath(databasePath: string, uuid: string): string | undefined {
  // The identifier comes back out of a database that anything may have happened to: never let it name another file.
  return /^[0-9a-z-]{8,64}$/i.test(uuid) ? `${databasePath}.run-${uuid}` : undefined;
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch { /* already gone */ }
}
