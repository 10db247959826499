/**
 * Who holds a lock, for the message of those who find it busy. It is never a reason to run or not to run.
 *
 * Each user writes a file of its own beside the lock's file, which may belong to another; of several the newest counts.
 *
 * @module
 */

import { openLockFile } from "./lock_files.ts";

/** Who holds a lock, as far as its file tells. */
export interface LockHolder {
  readonly pid: number | undefined;
  /** When it took the lock: ISO 8601, UTC. */
  readonly since: string | undefined;
  /** The job it runs. */
  readonly job: string | undefined;
  /** Whether it locked something within, so that others may, too. */
  readonly isShared?: boolean;
}

/** A note is a line; more was not written by bzman. In bytes. */
const maxBytes = 4096;

/** Writes the note. A full disk that does not take it is no reason not to run. */
export async function noteHolder(lockPath: string, holder: LockHolder): Promise<void> {
  try {
    const { file, isOwn } = await openLockFile(`${lockPath}.by-${Deno.uid()}`);
    try {
      if (!isOwn) return;
      await file.truncate();
      await file.write(new TextEncoder().encode(`${JSON.stringify(holder)}\n`));
    } finally {
      file.close();
    }
  } catch { /* those who find it busy are told of "another process" */ }
}

/** Reads the newest note beside a lock's file. */
export async function readHolder(lockPath: string): Promise<LockHolder> {
  const folder = lockPath.slice(0, lockPath.lastIndexOf("/"));
  const start = `${lockPath.slice(folder.length + 1)}.by-`;
  const notes: LockHolder[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (name.startsWith(start)) notes.push(parseHolder(await readNote(`${folder}/${name}`)));
    }
  } catch { /* a folder that cannot be listed tells nothing */ }
  const newest = notes.toSorted((a, b) => (a.since ?? "").localeCompare(b.since ?? "")).at(-1);
  return newest ?? { pid: undefined, since: undefined, job: undefined };
}

/** `held by process 4711 (tank>target) since 2026-01-02T03:04:05.000Z`. */
export function describeHolder(by: LockHolder): string {
  const process = by.pid === undefined ? "another process" : `process ${by.pid}`;
  const job = by.job === undefined ? "" : ` (${by.job})`;
  const since = by.since === undefined ? "" : ` since ${by.since}`;
  return `held by ${process}${job}${since}${by.isShared ? ", for a dataset within" : ""}`;
}

async function readNote(path: string): Promise<string> {
  try {
    const { file } = await openLockFile(path);
    try {
      const bytes = new Uint8Array(maxBytes);
      return new TextDecoder().decode(bytes.subarray(0, await file.read(bytes) ?? 0));
    } finally {
      file.close();
    }
  } catch {
    return "";
  }
}

function parseHolder(text: string): LockHolder {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The holder is about to write it.
  }
  const { pid, since, job, isShared } = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  return {
    pid: typeof pid === "number" ? pid : undefined,
    since: typeof since === "string" ? since.slice(0, 40) : undefined,
    // A note may be anybody's: no line ends in a message or a mail.
    job: typeof job === "string" ? job.slice(0, 300).replaceAll(/\p{Cc}/gu, "?") : undefined,
    isShared: isShared === true,
  };
}
