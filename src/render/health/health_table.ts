/**
 * Pools and how they are, as a table.
 *
 * @module
 */

import type { CheckVerdict } from "../../core/check.ts";
import { verdictWord } from "../check/check_text.ts";
import { type TableColumn, textTable } from "../text/text_table.ts";

/** A pool in the table of `bzman health`. */
export interface HealthRow {
  /** `tank`, `target:tank`. */
  readonly pool: string;
  readonly verdict: CheckVerdict;
  readonly state: string;
  /** Errors of devices and lost files, in words; `none`. */
  readonly errors: string;
  /** How its scrubs stand, in words. */
  readonly scrub: string;
}

const columns: readonly TableColumn[] = [
  { title: "POOL", shrink: "end" },
  { title: "VERDICT" },
  { title: "STATE" },
  { title: "ERRORS", shrink: "start" },
  { title: "SCRUB", shrink: "start" },
];

/** One line a pool. `width`: the terminal's, in cells; `undefined` when piped. */
export function healthTable(rows: readonly HealthRow[], width?: number): string[] {
  return textTable(
    columns,
    rows.map(({ pool, verdict, state, errors, scrub }) => [pool, verdictWord[verdict], state, errors, scrub]),
    width,
  );
}
