/**
 * SOURCE and TARGET as typed: `tank`, `ann@host:tank/home`, `host`, `:backup/tank`.
 *
 * @module
 */

import type { DatasetName } from "./names.ts";

/** One end of a replication. */
export interface Endpoint {
  /** As typed, for messages and for the job's name. */
  readonly text: string;
  /** `user@host` or `host` for ssh; `undefined` for this machine. */
  readonly host: string | undefined;
  /** The dataset at the top of the tree. For a target given as `HOST` alone it is the source's. */
  readonly dataset: DatasetName;
}
