/**
 * Datasets and their copies, as a table.
 *
 * @module
 */

import type { CheckVerdict } from "../../core/check.ts";
import type { DatasetComparison } from "../../core/verify/compare_trees.ts";
import type { ContentResult } from "../../core/verify/content.ts";
import { verdictWord } from "../check/check_text.ts";
import { type TableColumn, textTable } from "../text/text_table.ts";

/** A dataset of the source in the table of `bzman verify`. */
export interface VerifyRow {
  readonly comparison: DatasetComparison;
  readonly verdict: CheckVerdict;
  /** `undefined`: was not asked for, or could not even be tried. */
  readonly content: ContentResult | undefined;
}

const columns: readonly TableColumn[] = [
  { title: "DATASET", shrink: "end" },
  { title: "VERDICT" },
  { title: "NEWEST IN COMMON", shrink: "end" },
  { title: "SAME", align: "right", drop: 3 },
  { title: "BEHIND", align: "right", drop: 2 },
  { title: "LACKS", align: "right" },
  { title: "EXTRA", align: "right", drop: 1 },
];
const contentColumn: TableColumn = { title: "CONTENT", shrink: "start" };

/** One line a dataset. `width`: the terminal's, in cells; `undefined` when piped. */
export function verifyTable(rows: readonly VerifyRow[], withContent: boolean, width?: number): string[] {
  return textTable(
    withContent ? [...columns, contentColumn] : columns,
    rows.map(({ comparison: { source, state }, verdict, content }) => {
      const versions = state.kind === "there" ? state.versions : undefined;
      return [
        source.name,
        verdictWord[verdict],
        versions?.common === undefined ? "-" : versions.common.target.name,
        versions === undefined ? "-" : String(versions.inCommon),
        versions === undefined ? "-" : String(versions.behind.length),
        versions === undefined
          ? "-"
          : String(versions.gaps.length + versions.thinned.length + versions.destroyed.length),
        versions === undefined ? "-" : String(versions.kept.length + versions.own.length),
        ...(withContent ? [contentText(content)] : []),
      ];
    }),
    width,
  );
}

function contentText(content: ContentResult | undefined): string {
  switch (content?.kind) {
    case undefined:
    case "nothing-common":
      return "-";
    case "same":
      return content.checked === content.of
        ? `all ${content.of} ${content.unit}`
        : `${content.checked} of ${content.of} ${content.unit}`;
    case "differs":
      return "differs";
    case "damaged":
      return "unreadable";
    case "no-key":
      return "no key";
    case "failed":
      return "not compared";
  }
}
