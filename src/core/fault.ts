/**
 * A fault is what went wrong, in the four parts that every message of bzman has: what failed, where, why, and what to
 * type next.
 *
 * @module
 */

/** The exit status of commands that act (see docs/exit-status.md). */
export const exitStatus = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  locked: 4,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export interface FaultParts {
  /** A short stable name for records, metrics and folding, such as `ssh-unreachable` or `target-diverged`. */
  readonly errorClass: string;
  /** What failed: `cannot receive into tank/a`. */
  readonly what: string;
  /** Where: a host's label. */
  readonly where?: string;
  /** Where in a pipeline: `zfs send`, `zfs receive on target`. It tells the host too. */
  readonly stage?: string;
  /** Why: usually the program's own words. */
  readonly why?: string;
  /** What to type next: commands or one sentence. */
  readonly next?: string;
  /** The end of standard error of the guilty stage. */
  readonly stderrTail?: string;
  /** Whether trying again later, unchanged, may succeed. */
  readonly temporary?: boolean;
  /** The exit status it leads to when it ends a run. */
  readonly exit: number;
}

/** An expected failure with its explanation. Anything else that is thrown is a defect of bzman. */
export class Fault extends Error {
  override readonly name = "Fault";
  /** The parts of the explanation. */
  readonly parts: FaultParts;

  /** @param parts The explanation. */
  constructor(parts: FaultParts, options?: ErrorOptions) {
    super(faultLine(parts), options);
    this.parts = parts;
  }
}

/** One line for a log: what, where and why. */
export function faultLine(parts: FaultParts): string {
  const host = parts.where === undefined ? "" : ` on ${parts.where}`;
  const where = parts.stage === undefined ? host : `: ${parts.stage}`;
  const why = parts.why === undefined || parts.why === "" ? "" : `: ${parts.why}`;
  return `${parts.what}${where}${why}`.replaceAll(/\s*\n\s*/g, "; ");
}
