/**
 * A pool as typed: `tank` here, `ann@host:tank` elsewhere.
 *
 * @module
 */

import { parseSource } from "./endpoint.ts";
import { type DatasetName, poolOf } from "./names.ts";

/** A pool and the host it is on. */
export interface PoolRef {
  /** As typed. */
  readonly text: string;
  /** `user@host` or `host` for ssh; `undefined` for this machine. */
  readonly host: string | undefined;
  readonly pool: DatasetName;
}

/**
 * Reads `POOL` or `[USER@]HOST:POOL`.
 *
 * @throws {SyntaxError} Says which rule the text breaks.
 */
export function parsePoolRef(text: string): PoolRef {
  const { host, dataset } = parseSource(text);
  const pool = poolOf(dataset);
  if (pool !== dataset) {
    const proposal = host === undefined ? pool : `${text.slice(0, text.length - dataset.length)}${pool}`;
    throw new SyntaxError(`${JSON.stringify(text)} is a dataset, and a pool is wanted: ${proposal}`);
  }
  return { text, host, pool };
}
