/**
 * The verdicts on contents that were compared. A copy that is kept encrypted, without its key on the target, is as it should be:
 * a note. Where nothing at all could be compared though it was asked for, that is a warning. Pure.
 *
 * @module
 */

import type { CheckFinding } from "../check.ts";
import type { ContentResult } from "./content.ts";
import { named, plural } from "./judge_trees.ts";

/** A dataset with the snapshot that was compared and what came of it. */
export interface ComparedContent {
  readonly dataset: string;
  /** The part behind `@`; `undefined` where there was none to compare. */
  readonly snapshot: string | undefined;
  readonly result: ContentResult;
}

/** All verdicts. */
export function judgeContent(all: readonly ComparedContent[], targetLabel: string): CheckFinding[] {
  const compared = all.filter(({ result }) => result.kind !== "no-key" && result.kind !== "nothing-common");
  const locked = all.filter(({ result }) => result.kind === "no-key");
  return [
    ...all.flatMap(judge),
    ...(compared.length === 0 && locked.length > 0
      ? [
        {
          check: "no-content-compared",
          subject: targetLabel,
          verdict: "warning",
          text: `no content was compared: ${
            locked.length === 1 ? "one dataset" : `all ${locked.length} datasets`
          } cannot be read, the key is not loaded`,
          next:
            "load the keys for the time of the comparison: zfs load-key DATASET; afterwards: zfs unload-key DATASET",
        } as const,
      ]
      : []),
  ];
}

function judge({ dataset, snapshot, result }: ComparedContent): CheckFinding[] {
  const subject = snapshot === undefined ? dataset : `${dataset}@${snapshot}`;
  switch (result.kind) {
    case "same":
    case "nothing-common":
      return [];
    case "differs":
      return [{
        check: "content-differs",
        subject,
        verdict: "critical",
        text: result.text + (result.names.length > 0 ? `: ${named(result.names)}` : ""),
        next: "touch neither side; zpool scrub and then zpool status -v on both tell which one is damaged",
      }];
    case "damaged":
      return [{
        check: "content-unreadable",
        subject,
        verdict: "critical",
        text: `cannot be read in whole on ${result.host}: ${result.why}`,
        next: "zpool status -v there",
      }];
    case "no-key":
      return [{
        check: "no-key",
        subject: dataset,
        verdict: "ok",
        text: `cannot be read, the key is not loaded: ${
          result.keys.map((key) => `${key.dataset} on ${key.host}`).join(", ")
        }`,
      }];
    case "failed":
      return [{
        check: "content-not-compared",
        subject,
        verdict: "unknown",
        text: `could not be compared, because of ${result.host}: ${result.why}`,
        ...(result.next === undefined ? {} : { next: result.next }),
      }];
  }
}

/** What was compared, in words: `60 files and 3 MiB of volumes`. */
export function amountText(all: readonly ComparedContent[]): string {
  const sum = (unit: "files" | "MiB"): number | undefined => {
    const found = all.flatMap(({ result }) => result.kind === "same" && result.unit === unit ? [result.checked] : []);
    return found.length === 0 ? undefined : found.reduce((total, count) => total + count, 0);
  };
  const [files, blocks] = [sum("files"), sum("MiB")];
  const parts = [
    ...(files === undefined ? [] : [plural(files, "file")]),
    ...(blocks === undefined ? [] : [`${blocks} MiB of volumes`]),
  ];
  return parts.join(" and ") || "nothing";
}
