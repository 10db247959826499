/**
 * What to type next, made whole: texts of the lower rooms do not know the job, so they end in a fixed line that stands
 * for its command.
 *
 * @module
 */

import type { FaultParts } from "./fault.ts";
import { type JobCommand, preflightCommand, replicateCommand } from "./job_command.ts";

const again = "run the same command again";

/**
 * Puts the job's command in the place of "run the same command again", of the same "with --debug", and of "run preflight
 * for the same job", where one of them ends a line.
 */
export function wholeNext(next: string, job: JobCommand): string {
  return next.split("\n").map((line) =>
    line.replace(
      new RegExp(`${again}( with --debug)?$`),
      (_all, debug) => replicateCommand(job, debug === undefined ? {} : { set: ["--debug"] }),
    )
      .replace(/run preflight for the same job$/, () => preflightCommand(job))
  ).join("\n");
}

/** The fault with its advice made whole. */
export function wholeFault<T extends Pick<FaultParts, "next">>(fault: T, job: JobCommand): T {
  return fault.next === undefined ? fault : { ...fault, next: wholeNext(fault.next, job) };
}
