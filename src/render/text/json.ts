/**
 * What JSON documents are made of.
 *
 * @module
 */

/** What `JSON.stringify` can take. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A byte count as JSON: a number, or beyond 2^53 a string. */
export function bytesJson(count: bigint): number | string {
  return count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : count.toString();
}
