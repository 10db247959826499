/**
 * A lock on this machine that ends with the process that holds it, however that ends.
 *
 * It is the kernel's lock on an open file (flock). The file itself is never deleted: between looking at it and deleting
 * it, another process may have locked it, and a third would then lock a file of the same name.
 *
 * What is locked is a tree: its own file exclusively, those of the trees around it shared. So two trees that overlap
 * exclude each other, and siblings do not.
 *
 * @module
 */

import { hashedName } from "./hashed_name.ts";
import { isStillThere, type LockFile, openLockFile } from "./lock_files.ts";
import { type LockHolder, noteHolder, readHolder } from "./lock_note.ts";
import { makeFallbackFolder } from "./fallback_folder.ts";

/**
 * The outcome of trying to lock, with why places could not be used. `impossible`: no place takes a lock file, so nothing is locked, and nobody is known to
 * hold the lock either.
 */
export type LockAttempt =
  | { readonly kind: "held"; readonly lock: FileLock; readonly whys: readonly string[] }
  | { readonly kind: "busy"; readonly by: LockHolder }
  | { readonly kind: "impossible"; readonly why: string };

/** Where lock files lie. */
export interface LockFolders {
  /** Folders that every user of the machine can reach, the same for all: all of them are used that can be. */
  readonly common: readonly string[];
  /** A private folder, made when missing; `undefined` for a user without a home. */
  readonly preferred: string | undefined;
  /** The folder for when the usual one cannot be used, as `fallbackFolder` names it. */
  readonly fallback: string;
}

/**
 * The folders of all users. A plain user cannot write the first on Red Hat's systems, and finds the second everywhere; a service
 * that is shut off from the disk (systemd's ProtectSystem and PrivateTmp) has the second, too.
 */
export const commonLockFolders: readonly string[] = ["/run/lock", "/dev/shm"];

/** A lock that is held, until it is disposed of. */
export class FileLock implements Disposable {
  #files: readonly Deno.FsFile[];
  /** Whether it also keeps back the runs of other users of this machine. */
  readonly forAllUsers: boolean;

  /** For {@linkcode tryLock}. */
  constructor(files: readonly Deno.FsFile[], forAllUsers: boolean) {
    this.#files = files;
    this.forAllUsers = forAllUsers;
  }

  /** Lets go. Idempotent. */
  release(): void {
    for (const file of this.#files) file.close();
    this.#files = [];
  }

  /** See {@linkcode release}. */
  [Symbol.dispose](): void {
    this.release();
  }
}

/**
 * Takes the lock for a tree, unless another process (or another part of this one) has one that overlaps.
 *
 * Every place is locked that can be, and each keeps back: another run may be unable to use one that this run can (another
 * user, cron without `HOME`, a disk that breaks or is fixed). The common ones come first, in the same order for all, so
 * that of two runs at the same moment one gets through.
 *
 * @param tree What is locked: the pool's GUID (or any text without a slash) and, each with a slash before it, the names below
 * it.
 * @param job For the message of those who find it busy.
 * @param now Milliseconds since 1970, UTC.
 */
export async function tryLock(places: LockFolders, tree: string, job: string, now: number): Promise<LockAttempt> {
  const names = await levelsOf(tree);
  const held: Deno.FsFile[] = [];
  const whys: string[] = [];
  let common = 0;
  for (const { folder, prepare, prefix, isCommon } of foldersOf(places)) {
    const place = folder === undefined
      ? { kind: "unusable", why: "HOME is not set" } as const
      : await lockIn(names.map((name) => `${folder}/${prefix}${name}.lock`), () => prepare(folder));
    switch (place.kind) {
      case "busy":
        for (const file of held) file.close();
        return place;
      case "unusable":
        whys.push(place.why);
        break;
      case "locked":
        held.push(...place.files.map(({ file }) => file));
        if (isCommon) common += 1;
        for (const [i, { path }] of place.files.entries()) {
          const isShared = i < place.files.length - 1;
          await noteHolder(path, { pid: Deno.pid, since: new Date(now).toISOString(), job, isShared });
        }
    }
  }
  if (held.length === 0) return { kind: "impossible", why: whys.join("; ") };
  return { kind: "held", lock: new FileLock(held, common > 0), whys };
}

/** The names of the files, from the pool's down to the tree's own. */
async function levelsOf(tree: string): Promise<readonly string[]> {
  const parts = tree.split("/");
  return await Promise.all(parts.map((_, i) => hashedName(parts.slice(0, i + 1).join("/"))));
}

interface Folder {
  readonly folder: string | undefined;
  readonly prepare: (folder: string) => Promise<void>;
  readonly prefix: string;
  readonly isCommon: boolean;
}

function foldersOf({ common, preferred, fallback }: LockFolders): readonly Folder[] {
  const makeUsual = (folder: string) => Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  return [
    ...common.map((folder) => ({ folder, prepare: () => Promise.resolve(), prefix: "bzman-", isCommon: true })),
    { folder: preferred, prepare: makeUsual, prefix: "", isCommon: false },
    { folder: fallback, prepare: makeFallbackFolder, prefix: "", isCommon: false },
  ];
}

/** What became of the lock in one place. */
type LockOutcome =
  | { readonly kind: "locked"; readonly files: readonly (LockFile & { readonly path: string })[] }
  | { readonly kind: "busy"; readonly by: LockHolder }
  | { readonly kind: "unusable"; readonly why: string };

async function lockIn(paths: readonly string[], prepare: () => Promise<void>): Promise<LockOutcome> {
  const files: (LockFile & { readonly path: string })[] = [];
  try {
    await prepare();
    for (const [i, path] of paths.entries()) {
      const opened = await lockFile(path, i === paths.length - 1);
      if (opened === undefined) {
        for (const { file } of files) file.close();
        return { kind: "busy", by: await readHolder(path) };
      }
      files.push({ ...opened, path });
    }
    return { kind: "locked", files };
  } catch (error) {
    for (const { file } of files) file.close();
    return { kind: "unusable", why: error instanceof Error ? error.message : String(error) };
  }
}

/** Opens and locks a file; `undefined` when another has it. */
async function lockFile(path: string, isExclusive: boolean): Promise<LockFile | undefined> {
  for (let tries = 0; tries < 3; tries++) {
    const opened = await openLockFile(path);
    try {
      if (!await opened.file.tryLock(isExclusive)) {
        opened.file.close();
        return undefined;
      }
      if (await isStillThere(path, opened.file)) return opened;
    } catch (error) {
      opened.file.close();
      throw error;
    }
    opened.file.close();
  }
  throw new Error(`${path} is exchanged again and again`);
}
