/**
 * Findings as lines for a terminal: a word for the verdict first, so that colour is never needed, and what fixes it below.
 *
 * @module
 */

import type { Finding } from "../../core/finding.ts";
import { nextLines, terminalText } from "../text/terminal_text.ts";

const words: Readonly<Record<Finding["verdict"], string>> = {
  ok: "ok      ",
  warning: "WARNING ",
  critical: "CRITICAL",
};

/** Lines, the order kept; the last one counts. */
export function findingLines(findings: readonly Finding[], _columns?: number): string[] {
  const lines = findings.flatMap(({ where, verdict, text, next }) => [
    `${words[verdict]}  ${terminalText(where)}: ${terminalText(text)}`,
    ...(next === undefined || verdict === "ok" ? [] : nextLines(next)),
  ]);
  const count = (verdict: Finding["verdict"]) => findings.filter((finding) => finding.verdict === verdict).length;
  return [...lines, `${count("ok")} ok, ${count("warning")} warnings, ${count("critical")} critical`];
}
