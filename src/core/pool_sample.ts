/**
 * What the record keeps of a pool at one moment.
 *
 * @module
 */

/** A pool at one moment. Whatever was not asked for or not answered is missing. */
export interface PoolSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly host: string;
  readonly pool: string;
  readonly poolGuid?: string;
  /** `ONLINE`, `DEGRADED`, … as `zpool` says, or `unreachable`. */
  readonly state: string;
  readonly sizeBytes?: bigint;
  readonly allocatedBytes?: bigint;
  readonly freeBytes?: bigint;
  /** Of the pool's root dataset: what can be used, without what parity and reserve take. */
  readonly usedBytes?: bigint;
  readonly availableBytes?: bigint;
  /** Percent. */
  readonly fragmentation?: number;
  readonly readErrors?: number;
  readonly writeErrors?: number;
  readonly checksumErrors?: number;
  readonly scrubState?: string;
  /** When the last scrub ended, milliseconds since 1970. */
  readonly scrubAt?: number;
  /** Anything else, as JSON. */
  readonly detail?: string;
}
