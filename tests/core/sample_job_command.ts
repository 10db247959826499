/**
 * A job's command, for tests.
 *
 * @module
 */

import type { JobCommand } from "../../src/core/job_command.ts";
import { name } from "../zfs/sample.ts";

/** `tank` to `backup:backup/tank`, with its own record. */
export const sampleJobCommand: JobCommand = {
  source: "tank",
  target: "ann@backup:backup/tank",
  sourceHost: undefined,
  targetHost: "ann@backup",
  sourceTop: name("tank"),
  targetTop: name("backup/tank"),
  options: [["--keep", "30d"], ["--exclude", "a b/*"], ["--db", "/srv/my record.db"]],
};
