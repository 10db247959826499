/**
 * The verdicts on this machine: the record, syslog, the way out for mail. Pure. None of these stops a replication.
 *
 * @module
 */

import type { Finding } from "../finding.ts";

/** What was found on this machine. */
export interface LocalFacts {
  readonly label: string;
  readonly database: string;
  /** Why the record cannot be kept, or `undefined`. */
  readonly databaseError: string | undefined;
  readonly logger: boolean;
  /** How mail goes out (`sendmail`, `smtp://…`), or `undefined` when no way was found. */
  readonly mailTransport: string | undefined;
}

/** Judges this machine. */
export function checkLocal(facts: LocalFacts): Finding[] {
  const where = facts.label;
  return [
    facts.databaseError === undefined
      ? { check: "record", where, verdict: "ok", text: `the record is ${facts.database}` }
      : {
        check: "record",
        where,
        verdict: "warning",
        text: facts.databaseError,
        next: "name another place with --db PATH",
      },
    facts.logger
      ? { check: "syslog", where, verdict: "ok", text: "logger is installed" }
      : { check: "syslog", where, verdict: "warning", text: "logger is not installed", next: "dnf install util-linux" },
    facts.mailTransport !== undefined
      ? { check: "mail", where, verdict: "ok", text: `mail is sent through ${facts.mailTransport}` }
      : {
        check: "mail",
        where,
        verdict: "warning",
        text: "no mail transport: no sendmail, and nothing listens on localhost:25",
        next: "dnf install postfix && systemctl enable --now postfix; or name a server: --smtp smtp://HOST",
      },
  ];
}
