/**
 * What can be wrong with the record, and how that is told.
 *
 * @module
 */

/**
 * The kinds of trouble. `unusable`: its place cannot be written or opened (`--db` names a place without permission);
 * `newer`: made by a later bzman, not touched; `damaged`: set aside, a new one was begun; `absent`: nothing recorded
 * yet (only when opened for reading); `defect`: a mistake of bzman's own.
 */
export type TroubleKind = "locked" | "full" | "read-only" | "damaged" | "newer" | "unusable" | "absent" | "defect";

/** A trouble with the record: shown, logged and mailed by the caller, never thrown. */
export interface HistoryTrouble {
  readonly kind: TroubleKind;
  /** One line: what, where and why. */
  readonly message: string;
  /** What to do. */
  readonly advice: string;
}

/** Judges an error of `node:sqlite` or of the file system. Deno often leaves the number out, so the words count too. */
export function troubleKind(error: unknown): TroubleKind {
  const code = primaryCode(error);
  const words = error instanceof Error ? `${error.name} ${error.message}` : String(error);
  if (code === 5 || code === 6 || /database (?:table )?is locked|database is busy/i.test(words)) return "locked";
  if (code === 11 || code === 26 || /not a database|malformed|disk image/i.test(words)) return "damaged";
  if (code === 13 || /disk is full|no space|database or disk is full|quota/i.test(words)) return "full";
  if (code === 8 || /readonly|read-only/i.test(words)) return "read-only";
  if (code === 14 || code === 10 || code === 3 || code === 23) return "unusable";
  if (/unable to open|disk i\/o|permission|denied|not a directory|NotCapable|NotADirectory|os error/i.test(words)) {
    return "unusable";
  }
  return "defect";
}

function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code & 0xff : undefined;
}

const advice: Readonly<Record<TroubleKind, string>> = {
  locked: "see who holds it: fuser -v PATH; replication does not wait for it",
  full: "free some space there, or name another place with --db",
  "read-only": "make it writable for this user, or name another place with --db",
  damaged: "nothing to do; the damaged file is kept beside the new one, and can be deleted",
  newer: "run the newer bzman, or name another place with --db",
  unusable: "make its folder writable for this user, or name another place with --db",
  absent: "run bzman replicate first, or name the place with --db",
  defect: "please report this, with the output of the same command and --debug",
};

/** The explanation of a trouble. */
export function trouble(kind: TroubleKind, path: string, why: string): HistoryTrouble {
  const quoted = /^[\w./+-]+$/.test(path) ? path : JSON.stringify(path);
  const line = why.replaceAll(/\s*\n\s*/g, "; ");
  return { kind, message: `the record ${quoted}: ${line}`, advice: advice[kind].replace("PATH", quoted) };
}
