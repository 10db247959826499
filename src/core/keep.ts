/**
 * How long snapshots are kept.
 *
 * @module
 */

/** How long snapshots are kept: by age, by number, or not beyond what the chain needs. */
export type Keep =
  | { readonly kind: "age"; readonly ms: number }
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "none" };
