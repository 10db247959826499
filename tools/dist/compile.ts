/**
 * Packages a bundle with `deno compile`. Its runtime part comes from Deno's own download host, or from the file that
 * DENORT_BIN names.
 *
 * @module
 */

import { run } from "./run.ts";

/** How long the download of the runtime may take, in milliseconds. */
const limitMs = 5 * 60_000;

/**
 * Compiles a bundle into one executable file.
 *
 * @param entry the bundle's entry file.
 * @param output the file to make.
 * @param flags the permission flags to build in.
 * @throws {Error} when the runtime cannot be had, or is none.
 */
export async function compile(entry: string, output: string, flags: readonly string[]): Promise<void> {
  await run(
    [Deno.execPath(), "compile", "--quiet", "--no-config", "--no-check", ...flags, `--output=${output}`, entry],
    AbortSignal.timeout(limitMs),
  );
  // With a plain `deno` as DENORT_BIN the outcome looks compiled, and behaves as `deno`.
  const says = new TextDecoder().decode(await run([output, "--version"]).catch(() => new Uint8Array()));
  if (says.startsWith("deno ")) throw new Error("what DENORT_BIN names is deno itself, not its runtime part denort");
}
