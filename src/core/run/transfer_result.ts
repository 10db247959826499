/**
 * How a transfer ended.
 *
 * @module
 */

import type { Share } from "../../zfs/parsers/send_progress.ts";
import type { FaultParts } from "../fault.ts";

/** How a transfer ended. */
export interface TransferResult {
  readonly ok: boolean;
  readonly bytes: bigint;
  /** What of it belongs to each dataset of a package, by its name on the source, as far as ZFS tells. */
  readonly shares: ReadonlyMap<string, Share>;
  /** Snapshots that were sent whole. */
  readonly snapshots: number;
  readonly elapsedMs: number;
  /** The longest time in which no byte moved although the stream then went on, or ended well, in milliseconds. */
  readonly silentMs: number;
  /** Why it failed. */
  readonly fault?: FaultParts;
  /** The connection failed, and none of the programs. */
  readonly linkLost?: boolean;
}
