/**
 * What a check of `health`, `capacity` or `status` found. As monitoring plugins know it, it may also be that nothing can
 * be told.
 *
 * @module
 */

export type CheckVerdict = "ok" | "warning" | "critical" | "unknown";

/** One thing that a check found. */
export interface CheckFinding {
  /** A short stable name, such as `scrub-overdue` or `lag`. */
  readonly check: string;
  /** What it is about: a pool (`tank`, `target:tank`), a dataset, a job. */
  readonly subject: string;
  readonly verdict: CheckVerdict;
  /** What was found, one line, without its subject. */
  readonly text: string;
  /** The exact command that fixes it, or what to do. */
  readonly next?: string;
}

/** How checks write quantities. */
export interface Formatters {
  bytes(count: bigint | number): string;
  /** Milliseconds. */
  duration(ms: number): string;
}

const ranks: Readonly<Record<CheckVerdict, number>> = { ok: 0, unknown: 1, warning: 2, critical: 3 };

/** The exit status that monitoring plugins give a verdict. */
export const checkExit: Readonly<Record<CheckVerdict, number>> = { ok: 0, warning: 1, critical: 2, unknown: 3 };

/** The worst of some verdicts; `ok` for none. What cannot be told is worse than well and better than a trouble. */
export function worstOf(verdicts: Iterable<CheckVerdict>): CheckVerdict {
  let worst: CheckVerdict = "ok";
  for (const verdict of verdicts) if (ranks[verdict] > ranks[worst]) worst = verdict;
  return worst;
}

/** The findings that are no `ok`, the worst first; equal ones stay in order. */
export function problemsOf<T extends Pick<CheckFinding, "verdict">>(findings: readonly T[]): T[] {
  return findings.filter(({ verdict }) => verdict !== "ok").sort((a, b) => ranks[b.verdict] - ranks[a.verdict]);
}

/** A command to type for a machine: behind `ssh HOST` where that is another one. */
export function commandOn(host: string | undefined, words: readonly string[]): string {
  const command = words.map(shellWord).join(" ");
  return host === undefined
    ? command
    : `ssh ${host} ${words.some((word) => shellWord(word) !== word) ? shellWord(command) : command}`;
}

/** A word as a person types it into a shell: quoted where it must be. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_.:%@\/+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
