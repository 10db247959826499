/**
 * What one listing of a host tells of a dataset.
 *
 * @module
 */

import type { DatasetName, Guid } from "./names.ts";
import type { Bookmark, Snapshot } from "./version.ts";

/** A filesystem or volume with its versions. */
export interface Dataset {
  readonly name: DatasetName;
  readonly type: "filesystem" | "volume";
  readonly guid: Guid;
  readonly createtxg: bigint;
  /** Bytes used by it and all below it. */
  readonly usedBytes: bigint;
  /** Bytes that its snapshots alone keep. */
  readonly usedBySnapshotsBytes: bigint;
  /** Bytes that its `refreservation` keeps free for it: no data. */
  readonly usedByRefreservationBytes: bigint;
  /** Bytes free for it. */
  readonly availableBytes: bigint;
  readonly referencedBytes: bigint;
  /** Bytes written since its newest snapshot. */
  readonly writtenBytes: bigint;
  /** The snapshot it was cloned from, by full name, or `undefined`. */
  readonly origin: string | undefined;
  /** `off`, or the cipher of an encrypted dataset. */
  readonly encryption: string;
  /** The dataset whose key opens this one, or `undefined` where there is no encryption. */
  readonly encryptionRoot: DatasetName | undefined;
  readonly keyStatus: "available" | "unavailable" | "none";
  /** The token of a receive that was cut and can go on, or `undefined`. */
  readonly resumeToken: string | undefined;
  readonly canmount: "on" | "off" | "noauto" | undefined;
  readonly mounted: boolean;
  readonly readonly: boolean;
  /** When its snapshots last changed, in seconds since 1970 by its host's clock, where that was asked and is known. */
  readonly snapshotsChangedAt?: number;
  /** Oldest first, by createtxg. */
  readonly snapshots: readonly Snapshot[];
  /** Oldest first, by createtxg. */
  readonly bookmarks: readonly Bookmark[];
}
