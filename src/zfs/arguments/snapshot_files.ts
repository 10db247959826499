/**
 * Looks into a snapshot of a filesystem: what files it has, and their checksums.
 *
 * The snapshot is mounted read-only in a mount namespace of its own (unshare(1)). Nobody else sees it there, no folder has to
 * be made for it, and the kernel unmounts it with the last process of the script, also after SIGKILL: nothing can stay mounted.
 * Unmounts of the machine reach that namespace (`slave`), so that it keeps no other dataset busy.
 *
 * Names of files hold whatever their owners like: they travel with NUL between them, and come back as base64. What a program
 * complains of on standard error, a file that cannot be read above all, is for the caller to judge: a pipe's status hides it.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { stdinWatchdog } from "./stdin_watchdog.ts";
import { fullName, type Snapshot } from "../names/version.ts";

/** All files of a snapshot, as one checksum. */
export interface FileList {
  /** Of the types, modes, owners, sizes, times, names and link targets of all files and directories. */
  readonly digest: string;
  /** How many regular files there are. */
  readonly files: number;
}

/** A file and the checksum of its content. */
export interface FileHash {
  /** The bytes of its path, one character each, so that no two paths are the same text. */
  readonly bytes: string;
  readonly hash: string;
}

/** So many files have one checksum in {@linkcode hashAllFiles}. */
export const filesPerChunk = 1000;

/** A run of files by their place in the sorted list, counted from 1, both ends included. */
export interface FileRange {
  readonly first: number;
  readonly last: number;
}

// With snapdir=visible the root of a snapshot lists a .zfs that is not there.
const find = "find . -ignore_readdir_race -xdev -path ./.zfs -prune -o";
const sortedFiles = `{ ${find} -type f -print0||b find $?;}|{ sort -z||b sort $?;}`;
const hashes = "{ xargs -0 -r sha256sum -z --||b sha256sum $?;}";

/** Lists what is there. Both sides sort alike, in bytes. */
export function listFiles(snapshot: Snapshot): Command<FileList> {
  return {
    ...inside(
      snapshot,
      `{ ${find} -printf '%y %m %U %G %s %T@ %p -> %l\\0'||b find $?;}|{ sort -z||b sort $?;}|sha256sum;` +
        `{ ${find} -type f -print0||b find $?;}|tr -dc '\\0'|wc -c`,
    ),
    parse(stdout) {
      const [, digest = "", count = ""] = /^([0-9a-f]{64}) {2}-\n *([0-9]{1,15})\n$/.exec(stdout) ?? [];
      if (digest === "") throw new SyntaxError(`not a list of files: ${stdout.slice(0, 80)}`);
      return { digest, files: Number(count) };
    },
  };
}

/** The checksums of some files of the sorted list. */
export function hashFiles(snapshot: Snapshot, ranges: readonly FileRange[]): Command<FileHash[]> {
  const picks = ranges.map(({ first, last }) => first === last ? `${first}p` : `${first},${last}p`).join(";");
  return {
    ...inside(snapshot, `${sortedFiles}|sed -z -n "$2"|${hashes}|base64 -w 0`, picks),
    parse: (stdout) =>
      fromBase64(stdout).split("\0").filter((record) => record !== "").map((record) => {
        const [, hash = "", bytes = ""] = /^([0-9a-f]{64}) [ *](.+)$/s.exec(record) ?? [];
        if (hash === "") throw new SyntaxError(`not a checksum: ${record.slice(0, 80)}`);
        return { bytes, hash };
      }),
  };
}

/**
 * The checksums of all files, {@linkcode filesPerChunk} of the sorted list in one: so the answer is short however many there are,
 * and still tells where to look when both sides differ.
 */
export function hashAllFiles(snapshot: Snapshot): Command<string[]> {
  // split(1) starts its filter by the login shell, unless told otherwise.
  const chunks = `SHELL=/bin/sh split -t '\\0' -l ${filesPerChunk} --filter=sha256sum -`;
  return {
    ...inside(snapshot, `${sortedFiles}|${hashes}|${chunks}`),
    parse: (stdout) =>
      stdout.split("\n").filter((line) => line !== "").map((line) => {
        const [, hash] = /^([0-9a-f]{64}) {2}-$/.exec(line) ?? [];
        if (hash === undefined) throw new SyntaxError(`not a checksum: ${line.slice(0, 80)}`);
        return hash;
      }),
  };
}

/** A path for people: its bytes as UTF-8, without the `./` in front. */
export function shownPath({ bytes }: Pick<FileHash, "bytes">): string {
  const text = new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
  return text.startsWith("./") ? text.slice(2) : text;
}

/** Runs a script in the mounted snapshot. */
function inside(snapshot: Snapshot, script: string, ...args: readonly string[]): Pick<Command<never>, "argv"> {
  // mount(8) takes a name that is a file of the current folder for that file: hence `cd /`.
  const mounted = 'b(){ echo "$1 ended with $2" >&2;};d=/mnt;[ -d $d ]||d=/media;cd /;' +
    'o=$(mount -t zfs -o ro,nosuid,nodev,noexec -- "$1" $d 2>&1)&&cd $d||{ echo "$o" >&2;exit 1;};';
  const whole = `${stdinWatchdog}trap 'kill $w' EXIT;${mounted}${script}`;
  const command = ["sh", "-c", whole, "bzman-verify", fullName(snapshot), ...args];
  return { argv: ["unshare", "--mount", "--propagation", "slave", ...command] };
}

/** Bytes as a text of one character each. */
function fromBase64(text: string): string {
  const bytes = Uint8Array.fromBase64(text.trim());
  let result = "";
  // An array spread into arguments must stay below the engine's limit.
  for (let at = 0; at < bytes.length; at += 8192) result += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return result;
}
