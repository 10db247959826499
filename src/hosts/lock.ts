/**
 * A lock on this machine that ends with the process that holds it, however that ends.
 *
 * It is the kernel's lock on an open file (flock). The file itself is never deleted: between looking at it and deleting
 * it, another process may have locked it, and a third would then lock a file of the same name.
 *
 * @module
 */

/** Who holds a lock, as far as its file tells. */
export interface LockHolder {
  readonly pid: number | undefined;
  /** When it took the lock: ISO 8601, UTC. */
  readonly since: string | undefined;
  /** The job it runs. */
  readonly job: string | undefined;
}

/** The outcome of trying to lock. */
export type LockAttempt =
  | { readonly kind: "held"; readonly lock: FileLock }
  | { readonly kind: "busy"; readonly by: LockHolder };

/** A lock that is held, until it is disposed of. */
export class FileLock implements Disposable {
  #file: Deno.FsFile | undefined;

  /** For {@linkcode tryLock}. */
  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /** Lets go. Idempotent. */
  release(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  /** See {@linkcode release}. */
  [Symbol.dispose](): void {
    this.release();
  }
}

/**
 * Takes the lock for a key, unless another process (or another part of this one) has it.
 *
 * @param folder A private folder; it is made when missing.
 * @param key What is locked, any text; it becomes the file's name as a hash.
 * @param job For the message of those who find it busy.
 * @param now Milliseconds since 1970, UTC.
 */
export async function tryLock(folder: string, key: string, job: string, now: number): Promise<LockAttempt> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const path = `${folder}/${await hash(key)}.lock`;
  const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
  try {
    if (!await file.tryLock(true)) {
      file.close();
      return { kind: "busy", by: readHolder(await Deno.readTextFile(path).catch(() => "")) };
    }
    const holder = JSON.stringify({ pid: Deno.pid, since: new Date(now).toISOString(), job });
    await file.truncate();
    await file.write(new TextEncoder().encode(`${holder}\n`));
    return { kind: "held", lock: new FileLock(file) };
  } catch (error) {
    file.close();
    throw error;
  }
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

async function hash(key: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return new Uint8Array(digest).toHex();
}
