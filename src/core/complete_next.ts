/**
 * What to type next, made whole: texts of the lower rooms do not know the job, so they end in a fixed line that stands
 * for its command.
 *
 * @module
 */

import type { FaultParts } from "./fault.ts";
import { type JobCommand, preflightCommand, replicateCommand } from "./job_command.ts";

const again = "run the same command again";

/** Also with an option, which then has that value: "run the same command again with --stall 20m". */
const againPattern = new RegExp(`${again}(?: with (--[a-z-]+)(?: (\\S+))?)?$`);

/**
 * Puts the job's command in the place of "run the same command again", of the same with an option, and of "run preflight
 * for the same job", where one of them ends a line.
 */
export function completeNext(next: string, job: JobCommand): string {
  return next.split("\n").map((line) =>
    line.replace(againPattern, (_all, option?: string, value?: string) => {
      if (option === undefined) return replicateCommand(job);
      return replicateCommand(job, { set: value === undefined ? [option] : [option, value] });
    })
      .replace(/run preflight for the same job$/, () => preflightCommand(job))
  ).join("\n");
}

/** The fault with its advice made whole. */
export function completeFault<T extends Pick<FaultParts, "next">>(fault: T, job: JobCommand): T {
  return fault.next === undefined ? fault : { ...fault, next: completeNext(fault.next, job) };
}
