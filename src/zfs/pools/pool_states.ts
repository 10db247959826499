/**
 * The states of all imported pools, from a file of the kernel's that can be read even when every command of ZFS hangs,
 * as it may on a pool whose I/O is suspended.
 *
 * @module
 */

import type { Command } from "../arguments/command.ts";

// Only builtins of the shell and cat, and nothing that opens a pool. One line: control characters cannot travel.
const script = 'for f in /proc/spl/kstat/zfs/*/state; do if [ -r "$f" ]; then d="${f%/state}"; ' +
  'echo "$(cat "$f") ${d##*/}"; fi; done';

/** By pool: `ONLINE`, `SUSPENDED`, … Empty on a system without this file. */
export function poolStates(): Command<ReadonlyMap<string, string>> {
  return { argv: ["sh", "-c", script], parse: parsePoolStates };
}

function parsePoolStates(stdout: string): ReadonlyMap<string, string> {
  return new Map(
    [...stdout.matchAll(/^([A-Z]+) (.+)$/gm)].map(([, state = "", name = ""]) => [name, state]),
  );
}
