/**
 * The names of the alerts that belong to a job.
 *
 * @module
 */

import type { RunRecord } from "../record.ts";
import { alertKey } from "./check_alert.ts";

/** The alert of a job's runs. */
export function runAlertKey({ command, job }: Pick<RunRecord, "command" | "job">): string {
  return `${command} ${job}`;
}

/** What a comparison of contents is about: an alert of its own, which a look at GUIDs alone does not end. */
export function contentSubject(job: string): string {
  return `${job} (contents)`;
}

/** Every alert that a job can have. */
export function jobAlertKeys(job: string): string[] {
  return [
    runAlertKey({ command: "replicate", job }),
    runAlertKey({ command: "prune", job }),
    alertKey({ kind: "lag", subject: job }),
    alertKey({ kind: "verify", subject: job }),
    alertKey({ kind: "verify", subject: contentSubject(job) }),
  ];
}
