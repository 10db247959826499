/**
 * Subjects of mails.
 *
 * @module
 */

import type { SubjectVerdict } from "../../core/mail.ts";

/** Longer subjects are cut: some mail programs show no more, some servers take no more. */
const longest = 180;

/** `[CRITICAL] host: what`, in one line whatever `what` holds. */
export function mailSubject(verdict: SubjectVerdict, host: string, what: string): string {
  const line = `[${verdict}] ${host}: ${what}`.replaceAll(/\p{Bidi_Control}/gu, "")
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return [...line].length > longest ? `${[...line].slice(0, longest - 1).join("")}…` : line;
}
