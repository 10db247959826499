/**
 * What `health`, `capacity` and `status` print: as monitoring plugins do, the first line says it all.
 *
 * @module
 */

import type { CheckFinding, CheckVerdict } from "../../core/check.ts";
import { nextLines, terminalText } from "../text/terminal_text.ts";

/** The verdict as a word, so that colour is never needed. */
export const verdictWord = { ok: "OK", warning: "WARNING", critical: "CRITICAL", unknown: "UNKNOWN" } as const;

/**
 * The first line: the verdict, the worst finding, how many more.
 *
 * @param problems The worst first.
 * @param well What to say when there are none.
 */
export function summaryLine(verdict: CheckVerdict, problems: readonly CheckFinding[], well: string): string {
  const [worst] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const text = worst === undefined ? well : `${worst.subject}: ${worst.text}${more}`;
  // Behind a bar, monitoring systems expect numbers.
  return `${verdictWord[verdict]}: ${terminalText(text).replaceAll("|", "¦")}`;
}

/** What is well and worth knowing all the same: findings that are `ok`. */
export function noteLines(findings: readonly CheckFinding[]): string[] {
  return findings.filter(({ verdict }) => verdict === "ok")
    .map(({ subject, text }) => `note      ${terminalText(subject)}: ${terminalText(text)}`);
}

/** Every trouble with what fixes it. */
export function problemLines(problems: readonly CheckFinding[]): string[] {
  return problems.flatMap(({ verdict, subject, text, next }) => [
    `${verdictWord[verdict].padEnd(8)}  ${terminalText(subject)}: ${terminalText(text)}`,
    ...(next === undefined ? [] : nextLines(next)),
  ]);
}
