/**
 * The refusal of a run, made of critical findings.
 *
 * @module
 */

import { exitStatus, Fault } from "../fault.ts";
import type { Finding } from "../finding.ts";

/** The refusal made of the critical findings: the first is explained, the others are counted. */
export function refusal(findings: readonly Finding[]): Fault {
  const critical = findings.filter(({ verdict }) => verdict === "critical");
  const first = critical[0];
  const more = critical.length > 1 ? ` (and ${critical.length - 1} more: bzman preflight shows all)` : "";
  return new Fault({
    errorClass: first?.check ?? "preflight",
    what: "refused, nothing was changed",
    ...(first ? { where: first.where, why: `${first.text}${more}` } : {}),
    ...(first?.next === undefined ? {} : { next: first.next }),
    exit: exitStatus.refused,
  });
}
