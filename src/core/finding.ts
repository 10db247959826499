/**
 * What a check found: the common shape of preflight, health and capacity.
 *
 * @module
 */

export interface Finding {
  /** A short stable name, such as `target-pool-health`. */
  readonly check: string;
  /** The host or place it is about. */
  readonly where: string;
  readonly verdict: "ok" | "warning" | "critical";
  /** What was found, one line. */
  readonly text: string;
  /** The exact command that fixes it, or what to do. */
  readonly next?: string;
}

/** The worst of some verdicts; `ok` for none. */
export function worstVerdict(findings: readonly Finding[]): Finding["verdict"] {
  if (findings.some(({ verdict }) => verdict === "critical")) return "critical";
  return findings.some(({ verdict }) => verdict === "warning") ? "warning" : "ok";
}
