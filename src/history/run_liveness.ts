/**
 * The sign of life of a run: a locked file beside the database. The kernel drops the lock when the process ends,
 * however it ends, so a later run can tell a living run from a killed one without asking about process numbers, which
 * are reused.
 *
 * @module
 */

import type { RunResult } from "../core/record.ts";

/** The held mark of a run that goes on. */
export interface RunLiveness {
  /** Ends the mark. Idempotent. */
  release(): void;
  /**
   * Ends the mark and leaves a sign of how the run ended, for want of a record that takes it: a file's name, since a full
   * disk still allows that. Where not even this is possible, nothing is left. Idempotent.
   */
  leaveResult(result: EndResult): void;
}

/** How a run can have ended, in its own words. */
export type EndResult = Exclude<RunResult, "running" | "killed">;

/** What a mark says of its run. `ended`: it ended so at this time (milliseconds since 1970), and could not record it. */
export type LivenessState = "held" | "gone" | { readonly ended: EndResult; readonly at: number };

const endResults: Readonly<Record<EndResult, true>> = {
  ok: true,
  partial: true,
  failed: true,
  refused: true,
  locked: true,
  interrupted: true,
};

/** Whether a result is one that a run has at its end. */
export function isEndResult(result: RunResult): result is EndResult {
  return result in endResults;
}

const allEndResults: readonly EndResult[] = (Object.keys(endResults) as RunResult[]).filter(isEndResult);

/** Marks a run as living. `undefined` when the place does not allow it. */
export function claimLiveness(databasePath: string, uuid: string): RunLiveness | undefined {
  const path = livenessPath(databasePath, uuid);
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
  const end = (action: (file: Deno.FsFile) => void): void => {
    if (held === undefined) return;
    action(held);
    held.close();
    held = undefined;
  };
  return {
    release: () => end(() => remove(path)),
    leaveResult: (result) => end((file) => renameToResult(file, path, result)),
  };
}

/** Whether the process of a marked run lives, and how it ended when it left word of it. */
export function readLiveness(databasePath: string, uuid: string): LivenessState {
  const path = livenessPath(databasePath, uuid);
  if (path === undefined) return "gone";
  try {
    using file = Deno.openSync(path, { write: true });
    // Its run may have ended since it was opened: then the file goes by another name now, which tells how.
    if (!file.tryLockSync(true)) return "held";
  } catch (error) {
    // What cannot be opened for another reason than its absence may well be held.
    if (!(error instanceof Deno.errors.NotFound)) return "held";
  }
  for (const ended of allEndResults) {
    try {
      const { mtime } = Deno.statSync(resultPath(path, ended));
      return { ended, at: mtime?.getTime() ?? 0 };
    } catch { /* not this one */ }
  }
  return "gone";
}

/** Removes whatever is left of the mark of a run that has ended. */
export function removeLiveness(databasePath: string, uuid: string): void {
  const path = livenessPath(databasePath, uuid);
  if (path === undefined) return;
  for (const name of [path, ...allEndResults.map((result) => resultPath(path, result))]) remove(name);
}

function renameToResult(file: Deno.FsFile, path: string, result: EndResult): void {
  try {
    // The last change of an empty file is its making.
    file.utimeSync(new Date(), new Date());
    Deno.renameSync(path, resultPath(path, result));
  } catch { /* a disk that takes nothing; the lock ends with the file */ }
}

function resultPath(path: string, result: EndResult): string {
  return `${path}.${result}`;
}

function livenessPath(databasePath: string, uuid: string): string | undefined {
  // The identifier comes back out of a database that anything may have happened to: never let it name another file.
  return /^[0-9a-z-]{8,64}$/i.test(uuid) ? `${realPath(databasePath)}.run-${uuid}` : undefined;
}

/** Runs that come to the same database by different links must find each other's marks. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch { /* already gone */ }
}
