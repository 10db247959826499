/**
 * What a look at a pool brought back, whether or not the pool answered.
 *
 * @module
 */

import type { PoolStatus } from "../../zfs/pools/pool_status.ts";
import type { Pool } from "../../zfs/pools/pool.ts";
import type { PoolSpace } from "../../zfs/pools/pool_space.ts";
import { commandOn } from "../check.ts";
import type { FaultParts } from "../fault.ts";

/** Which pool, and where. */
export interface PoolPlace {
  /** The label of the host. */
  readonly host: string;
  readonly isLocal: boolean;
  readonly pool: string;
}

export interface AnsweringPool extends PoolPlace {
  readonly kind: "answered";
  readonly status: PoolStatus;
  readonly list: Pool;
  readonly space: PoolSpace;
  /** How far the host's local time is ahead of UTC, in milliseconds. */
  readonly zoneOffsetMs: number;
}

/**
 * A look at a pool. `suspended`: the kernel says that its I/O is; `unresponsive`: no answer within the limit; `missing`: not
 * imported; `unreachable`: its host gave no answer, or one that cannot be read.
 */
export type PoolInspection =
  | AnsweringPool
  | (PoolPlace & { readonly kind: "suspended" })
  | (PoolPlace & { readonly kind: "unresponsive"; readonly limitMs: number; readonly stuck: boolean })
  | (PoolPlace & { readonly kind: "missing" })
  | (PoolPlace & { readonly kind: "unreachable"; readonly fault: FaultParts });

/** How a pool is called: `tank` here, `target:tank` elsewhere; the host alone where no pool is known. */
export function poolLabel({ host, isLocal, pool }: PoolPlace): string {
  return isLocal && pool !== "" ? pool : pool === "" ? host : `${host}:${pool}`;
}

/** A command to type about a pool: its words, the pool's name last. */
export function poolCommand({ host, isLocal, pool }: PoolPlace, ...words: readonly string[]): string {
  return commandOn(isLocal ? undefined : host, [...words, pool]);
}
