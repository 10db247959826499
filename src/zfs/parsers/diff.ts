/**
 * What was changed in a filesystem since one of its snapshots, as `zfs diff` tells. It compares change times, so that a file
 * that was only read does not count. It works for mounted filesystems alone.
 *
 * @module
 */

import { type Command, parseRows } from "../arguments/command.ts";
import { fullName, type Snapshot } from "../names/version.ts";

export interface Change {
  /** `-` removed, `+` added, `M` modified, `R` renamed. */
  readonly kind: string;
  /** `/` for a directory, `F` for a file, and others. */
  readonly type: string;
  readonly path: string;
}

/** Lists what was changed since a snapshot. */
export function diffSince(snapshot: Snapshot): Command<readonly Change[]> {
  return {
    argv: ["zfs", "diff", "-F", "-H", fullName(snapshot), snapshot.dataset],
    parse: (stdout) =>
      stdout.split("\n").filter((line) => line !== "").map((line) => {
        // A rename has the new path as a fourth column.
        const [kind = "", type = "", path = ""] = line.split("\t");
        if (!/^[-+MR]$/.test(kind) || type.length !== 1 || path === "") {
          throw new SyntaxError(`${JSON.stringify(line)} is no change`);
        }
        return { kind, type, path: unescaped(path) };
      }),
  };
}

/** Where filesystems are mounted, or would be. */
export function listMountpoints(top: string): Command<ReadonlyMap<string, string>> {
  return {
    argv: ["zfs", "list", "-H", "-r", "-t", "filesystem", "-o", "name,mountpoint", top],
    parse: (stdout) => new Map(parseRows(stdout, 2).map(([name = "", at = ""]) => [name, at])),
  };
}

/** libzfs_diff.c, stream_bytes(): what is not a plain printable character is `\` and four octal digits. */
function unescaped(path: string): string {
  const bytes = path.replaceAll(/\\(0[0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
  return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0) & 0xff));
}
