/**
 * Turns the sources into a few JavaScript files, the form that both ways of packaging start from: npm packages are
 * inlined, `node:` modules stay, and whatever is imported lazily keeps a file of its own.
 *
 * @module
 */

import { basename, join } from "node:path";
import { run } from "./run.ts";

/** The name of the bundle's entry file. */
export const entryName = "main.js";

/**
 * Bundles a program.
 *
 * @param entry the TypeScript file to start from.
 * @param folder an existing empty folder for the outcome.
 * @returns the names of the files made, the entry first.
 */
export async function bundle(entry: string, folder: string): Promise<[string, ...string[]]> {
  await run([Deno.execPath(), "bundle", "--quiet", "--platform=deno", "--code-splitting", `--outdir=${folder}`, entry]);
  const made = basename(entry).replace(/\.ts$/, ".js");
  await Deno.rename(join(folder, made), join(folder, entryName));
  const chunks = [...Deno.readDirSync(folder)].map((file) => file.name).filter((name) => name !== entryName).sort();
  const names: [string, ...string[]] = [entryName, ...chunks];
  for (const name of names) {
    const path = join(folder, name);
    await Deno.writeTextFile(path, withoutBuildPaths(await Deno.readTextFile(path)));
  }
  return names;
}

/** The bundler heads each module with the place it was read from; where packages were cached is nobody's business. */
function withoutBuildPaths(script: string): string {
  return script.replaceAll(/^(\/\/ )\S*\/npm\/[^/\s]+\//gm, "$1npm:");
}
