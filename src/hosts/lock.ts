/**
 * A lock on this machine that ends with the process that holds it, however that ends.
 *
 * It is the kernel's lock on an open file (flock). The file itself is never deleted: between looking at it and deleting
 * it, another process may have locked it, and a third would then lock a file of the same name.
 *
 * @module
 */

import { hashedName } from "./hashed_name.ts";
import { makeSpareFolder } from "./spare_folder.ts";

/** Who holds a lock, as far as its file tells. */
export interface LockHolder {
  readonly pid: number | undefined;
  /** When it took the lock: ISO 8601, UTC. */
  readonly since: string | undefined;
  /** The job it runs. */
  readonly job: string | undefined;
}

/**
 * The outcome of trying to lock. `impossible`: no place takes a lock file, so nothing is locked, and nobody is known to
 * hold the lock either.
 */
export type LockAttempt =
  | { readonly kind: "held"; readonly lock: FileLock }
  | { readonly kind: "busy"; readonly by: LockHolder }
  | { readonly kind: "impossible"; readonly why: string };

/** Where lock files lie. */
export interface LockPlaces {
  /** A private folder, made when missing; `undefined` for a user without a home. */
  readonly usual: string | undefined;
  /** The folder for when the usual one cannot be used, as `spareFolder` names it. */
  readonly spare: string;
}

/** A lock that is held, until it is disposed of. */
export class FileLock implements Disposable {
  #files: readonly Deno.FsFile[];

  /** For {@linkcode tryLock}. */
  constructor(files: readonly Deno.FsFile[]) {
    this.#files = files;
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
 * Takes the lock for a key, unless another process (or another part of this one) has it.
 *
 * The spare folder is for when the usual one takes no lock file. Another run of this user may find that so (cron without
 * `HOME`, a disk that breaks or is mended) while this one does not: so both are locked, where both can be.
 *
 * @param key What is locked, any text; it becomes the file's name as a hash.
 * @param job For the message of those who find it busy.
 * @param now Milliseconds since 1970, UTC.
 */
export async function tryLock(places: LockPlaces, key: string, job: string, now: number): Promise<LockAttempt> {
  const name = `${await hashedName(key)}.lock`;
  const usual = await lockIn(places.usual, name, (folder) => Deno.mkdir(folder, { recursive: true, mode: 0o700 }));
  if (usual.kind === "busy") return usual;
  const spare = await lockIn(places.spare, name, makeSpareFolder);
  if (spare.kind === "busy") {
    if (usual.kind === "locked") usual.file.close();
    return spare;
  }
  const locked = [usual, spare].filter((place) => place.kind === "locked");
  if (locked.length === 0) {
    const whys = [usual, spare].map((place) => place.kind === "unusable" ? place.why : "");
    return { kind: "impossible", why: whys.join("; ") };
  }
  const holder = `${JSON.stringify({ pid: Deno.pid, since: new Date(now).toISOString(), job })}\n`;
  for (const { file } of locked) await note(file, holder);
  return { kind: "held", lock: new FileLock(locked.map(({ file }) => file)) };
}

/** What became of the lock in one place. */
type Place =
  | { readonly kind: "locked"; readonly file: Deno.FsFile }
  | { readonly kind: "busy"; readonly by: LockHolder }
  | { readonly kind: "unusable"; readonly why: string };

async function lockIn(
  folder: string | undefined,
  name: string,
  prepare: (folder: string) => Promise<void>,
): Promise<Place> {
  if (folder === undefined) return { kind: "unusable", why: "HOME is not set" };
  const path = `${folder}/${name}`;
  let file: Deno.FsFile | undefined;
  try {
    await prepare(folder);
    file = await openFile(path);
    if (await file.tryLock(true)) return { kind: "locked", file };
    file.close();
    return { kind: "busy", by: readHolder(await Deno.readTextFile(path).catch(() => "")) };
  } catch (error) {
    file?.close();
    return { kind: "unusable", why: error instanceof Error ? error.message : String(error) };
  }
}

/** On a disk that is read-only, or not writable for this user, a file that is there can still be locked. */
async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
  } catch (error) {
    return await Deno.open(path, { read: true }).catch(() => Promise.reject(error));
  }
}

/** Who holds a lock is only for a message: a full disk that does not take it is no reason not to run. */
async function note(file: Deno.FsFile, holder: string): Promise<void> {
  try {
    await file.truncate();
    await file.write(new TextEncoder().encode(holder));
  } catch { /* those who find it busy are told of "another process" */ }
}

/** `held by process 4711 (tank>target) since 2026-01-02T03:04:05.000Z`. */
export function describeHolder(by: LockHolder): string {
  const process = by.pid === undefined ? "another process" : `process ${by.pid}`;
  const job = by.job === undefined ? "" : ` (${by.job})`;
  const since = by.since === undefined ? "" : ` since ${by.since}`;
  return `held by ${process}${job}${since}`;
}

function readHolder(text: string): LockHolder {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The holder is about to write it.
  }
  const { pid, since, job } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  return {
    pid: typeof pid === "number" ? pid : undefined,
    since: typeof since === "string" ? since : undefined,
    job: typeof job === "string" ? job : undefined,
  };
}
