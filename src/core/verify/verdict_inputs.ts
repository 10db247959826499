/**
 * What the verdicts of a verification need to explain themselves.
 *
 * @module
 */

import type { JobCommand } from "../job_command.ts";

/** What the verdicts need to explain themselves. */
export interface TreeVerdictInputs {
  /** The target's host as typed; `undefined`: this machine. */
  readonly targetHost: string | undefined;
  /** For messages. */
  readonly targetLabel: string;
  /** The job that replicates the pair. */
  readonly job: JobCommand;
  /** Shows a number of bytes. */
  readonly formatBytes: (count: bigint) => string;
}
