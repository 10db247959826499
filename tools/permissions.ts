/**
 * Turns `src/permissions.ts` into the flags that every way to run bzman shares: `deno compile`, the self-extracting
 * file, `tools/bzman`. Run as a program it prints them, one a line.
 *
 * @module
 */

import { environment, programFolders, programs, systemInterfaces } from "../src/permissions.ts";

/** The permission flags of bzman, sorted and free of blanks. No `-A`, no native libraries, never a question asked. */
export function permissionFlags(): string[] {
  const candidates = programs.flatMap((program) => programFolders.map((folder) => `${folder}/${program}`));
  return [
    "--no-prompt",
    "--allow-read",
    "--allow-write",
    "--allow-net",
    `--allow-env=${environment.join()}`,
    "--ignore-env",
    `--allow-sys=${systemInterfaces.join()}`,
    `--allow-run=${candidates.join()}`,
  ];
}

if (import.meta.main) console.log(permissionFlags().join("\n"));
