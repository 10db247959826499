/**
 * Writes a file in one step: whoever reads it meanwhile sees the old or the new one, never half of it.
 *
 * @module
 */

import { exitStatus, Fault } from "../core/fault.ts";

/** Who may read and write the file afterwards. */
export interface ReplaceOptions {
  /** Whatever it was before, and whatever the umask says. Without it a file keeps its mode, and a new one gets the umask's. */
  readonly mode?: number;
}

/**
 * Replaces a file. A symbolic link stays one; what it points to is replaced, and keeps its owner where this user may give it away.
 *
 * @throws {Fault} When it cannot be written.
 */
export async function replaceFile(path: string, text: string, options: ReplaceOptions = {}): Promise<void> {
  let aside: string | undefined;
  try {
    const real = await target(path);
    aside = `${real}.${crypto.randomUUID().slice(0, 8)}.tmp`;
    const before = await stat(real);
    // What others may not read is never readable for them, not even for the moment of writing.
    await Deno.writeTextFile(aside, text, { createNew: true, ...(before ? { mode: 0o600 } : {}) });
    if (before) await giveTo(aside, before);
    const mode = options.mode ?? (before?.mode === null ? undefined : before?.mode);
    if (mode !== undefined) await Deno.chmod(aside, mode & 0o777);
    await Deno.rename(aside, real);
  } catch (error) {
    if (aside !== undefined) await Deno.remove(aside).catch(() => {});
    throw new Fault({
      errorClass: "output-unwritable",
      what: `cannot write ${path}`,
      why: error instanceof Error ? error.message : String(error),
      next: "name a file in a folder that exists and that this user may write to",
      exit: exitStatus.failed,
    }, { cause: error });
  }
}

/** What is there already; only of a file there is anything to keep. */
async function stat(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    const found = await Deno.stat(path);
    return found.isFile ? found : undefined;
  } catch {
    return undefined;
  }
}

async function giveTo(path: string, { uid, gid }: Deno.FileInfo): Promise<void> {
  try {
    await Deno.chown(path, uid, gid);
  } catch {
    // Only root gives files away; the file is then this user's.
  }
}

async function target(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    return path;
  }
}
