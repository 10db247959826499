/**
 * Writes a file in one step: whoever reads it meanwhile sees the old or the new one, never half of it.
 *
 * @module
 */

import { exitStatus, Fault } from "../core/fault.ts";

/**
 * Replaces a file. A symbolic link stays one; what it points to is replaced.
 *
 * @throws {Fault} When it cannot be written.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  let aside: string | undefined;
  try {
    const real = await target(path);
    aside = `${real}.${crypto.randomUUID().slice(0, 8)}.tmp`;
    await Deno.writeTextFile(aside, text, { createNew: true, mode: 0o644 });
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

async function target(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    return path;
  }
}
