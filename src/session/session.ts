/**
 * What every command that works on hosts opens first and closes last: the log with syslog, the record, the hosts.
 *
 * @module
 */

import { exitStatus, Fault } from "../core/fault.ts";
import type { History } from "../history/history.ts";
import type { Hosts } from "../hosts/hosts.ts";
import type { LockFolders } from "../hosts/lock.ts";
import { log } from "../notify/log.ts";

/** Everything a command works with. Dispose of it at the end. */
export interface Session extends AsyncDisposable {
  readonly history: History;
  readonly hosts: Hosts;
  /** The absolute path of a program of this machine, or `undefined`. */
  program(name: string): string | undefined;
  readonly isRoot: boolean;
  /** Where locks lie: not beside a record that `--db` names, since two runs must meet, whatever record they keep. */
  readonly lockFolders: LockFolders;
}

/** How a command uses the session. */
export interface SessionOptions {
  /** `none`: leaves no trace in the record. */
  readonly record: "write" | "read" | "none";
  /** Whether the log also goes to syslog. */
  readonly syslog: boolean;
  /** Called before anything is printed, so that a live line can make room. */
  readonly beforeOutput?: () => void;
}

/**
 * Makes sure that what was read is what the record holds, for commands that say what it says: where it cannot be read,
 * or not all of it, it answers as one that holds nothing. Ask when all is read. A record that is not there yet is well.
 *
 * @throws {Fault} When it could not be read.
 */
export function requireReadable(history: History): void {
  const error = history.errors.find(({ kind }) =>
    history.usable ? kind === "damaged" || kind === "failing" : kind !== "absent"
  );
  if (error === undefined) return;
  const { message, advice } = error;
  throw new Fault({ errorClass: "record-unreadable", what: message, next: advice, exit: exitStatus.failed });
}

/** Tells what is wrong with the record, once each; without the first `told` ones. */
export function warnOfDatabaseErrors(history: History, told = 0): void {
  for (const { message, advice } of history.errors.slice(told)) log.warning`${message}. Next: ${advice}`;
}
