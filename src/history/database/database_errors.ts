/**
 * What can be wrong with the record, and how that is told.
 *
 * @module
 */

/**
 * The kinds of trouble. `foreign`: what is there is not bzman's, and is not touched; `older`: not brought to the present schema
 * yet, which reading does not do; `unusable`: its place cannot be written or opened (`--db` names a place without permission);
 * `failing`: the disk or the system fails there, which may pass; `newer`: made by a later bzman, not touched; `damaged`:
 * set aside, a new one was begun; `absent`: nothing recorded yet (only when opened for reading); `defect`: a mistake of
 * bzman's own.
 */
export type DatabaseErrorKind =
  | "locked"
  | "full"
  | "read-only"
  | "failing"
  | "damaged"
  | "newer"
  | "older"
  | "foreign"
  | "unusable"
  | "absent"
  | "defect";

/** A problem with the record: shown, logged and mailed by the caller, never thrown. */
export interface DatabaseError {
  readonly kind: DatabaseErrorKind;
  /** One line: what, where and why. */
  readonly message: string;
  /** The last part of it alone: why. */
  readonly why: string;
  /** What to do. */
  readonly advice: string;
}

/**
 * What the system's own errors mean. A file that is in the way of a folder is not among them: a link to a disk that is not
 * mounted looks the same.
 */
const systemKinds: Readonly<Record<string, DatabaseErrorKind>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "read-only",
  ENOENT: "unusable",
  ENOTDIR: "unusable",
  EISDIR: "unusable",
  EACCES: "unusable",
  EPERM: "unusable",
  ENAMETOOLONG: "unusable",
  ELOOP: "unusable",
};

/** Judges an error of `node:sqlite` or of the file system. SQLite's number is often left out, so the words count too. */
export function databaseErrorKind(error: unknown): DatabaseErrorKind {
  // These first, since their words hold the path, which may be any words.
  const system = systemCode(error);
  if (system !== undefined) return systemKinds[system] ?? "failing";
  const code = primaryCode(error);
  const words = error instanceof Error ? `${error.name} ${error.message}` : String(error);
  if (/^(?:NotCapable|NotADirectory|Error unable to open) /.test(words)) return "unusable";
  if (code === 5 || code === 6 || /database (?:table )?is locked|database is busy/i.test(words)) return "locked";
  if (code === 11 || code === 26 || /not a database|malformed|disk image/i.test(words)) return "damaged";
  if (code === 13 || /disk is full|database or disk is full/i.test(words)) return "full";
  if (code === 8 || /readonly|read-only/i.test(words)) return "read-only";
  if (code === 10 || /disk i\/o/i.test(words)) return "failing";
  if (code === 14 || code === 3 || code === 23) return "unusable";
  return "defect";
}

function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code & 0xff : undefined;
}

const advice: Readonly<Record<DatabaseErrorKind, string>> = {
  locked: "see who holds it: fuser -v PATH; replication does not wait for it",
  full: "free some space there, or name another place with --db",
  "read-only": "make it writable for this user, or name another place with --db",
  failing: "see what is wrong with the disk it lies on: dmesg | tail; or name another place with --db",
  damaged: "nothing to do; the damaged file is kept beside the new one, and can be deleted",
  newer: "run the newer bzman, or name another place with --db",
  older: "run a command that writes, such as bzman replicate or bzman health: it brings the record up to date",
  foreign: "name a record of bzman's with --db, or a file that is not there yet",
  unusable: "make its folder writable for this user, or name another place with --db",
  absent: "run bzman replicate first, or name the place with --db",
  defect: "please report this, with the output of the same command and --debug",
};

/** The explanation of a trouble. */
export function databaseError(kind: DatabaseErrorKind, path: string, why: string): DatabaseError {
  const quoted = /^[\w./+-]+$/.test(path) ? path : JSON.stringify(path);
  const line = why.replaceAll(/\s*\n\s*/g, "; ");
  return { kind, message: `the record ${quoted}: ${line}`, why: line, advice: advice[kind].replace("PATH", quoted) };
}
