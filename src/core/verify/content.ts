/**
 * What comparing contents can come to.
 *
 * @module
 */

/** How much is compared: so many files of each filesystem and blocks of each volume, or all. */
export type ContentAmount = number | "all";

/** What became of one dataset. */
export type ContentResult =
  /** Whatever was compared is the same. */
  | { readonly kind: "same"; readonly unit: "files" | "MiB"; readonly checked: number; readonly of: number }
  /** Something is not. */
  | {
    readonly kind: "differs";
    readonly text: string;
    /** Some of the files that differ, for people. */
    readonly names: readonly string[];
  }
  /** A disk or the pool could not give what is there. */
  | { readonly kind: "damaged"; readonly host: string; readonly why: string }
  /** It cannot be read, the key is not loaded. */
  | { readonly kind: "no-key"; readonly keys: readonly MissingKey[] }
  /** There is nothing that both sides have. */
  | { readonly kind: "nothing-common" }
  /** It could not be tried. */
  | { readonly kind: "failed"; readonly host: string; readonly why: string; readonly next?: string };

/** A key that is not loaded. */
export interface MissingKey {
  readonly host: string;
  /** The encryption root. */
  readonly dataset: string;
}
