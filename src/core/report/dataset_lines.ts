/**
 * The datasets of a job: how each stands, and what the period did to it.
 *
 * @module
 */

import { lagVerdict } from "../lag.ts";
import type { DatasetRecord } from "../record.ts";
import type { DatasetEntry, JobInput } from "./input.ts";
import type { DatasetLine } from "./report.ts";
import { sumBytes } from "./statistics.ts";

/** Whether that is an end nobody has to look at. */
export function succeeded({ result }: Pick<DatasetRecord, "result">): boolean {
  return result === "ok" || result === "up-to-date";
}

/**
 * One line a dataset of the source, in the order of the record.
 *
 * @param now Milliseconds since 1970.
 */
export function datasetLines(input: JobInput, now: number, objectiveMs: number): DatasetLine[] {
  const byTarget = Map.groupBy(input.entries, ({ target }) => target);
  const well = new Map(input.latestSuccesses.map((entry) => [entry.target, entry]));
  return input.latest
    .filter(({ result }) => result !== "vanished")
    .map((latest) => line(latest, well.get(latest.target), byTarget.get(latest.target) ?? [], now, objectiveMs));
}

/** Datasets that only the target has. */
export function onlyOnTarget(input: JobInput): string[] {
  return input.latest.filter(({ result }) => result === "vanished").map(({ target }) => target);
}

function line(
  latest: DatasetEntry,
  well: DatasetEntry | undefined,
  entries: readonly DatasetEntry[],
  now: number,
  objectiveMs: number,
): DatasetLine {
  const { dataset, target, result, errorClass, message } = latest;
  const created = latest.toCreatedAt ?? well?.toCreatedAt;
  const lagMs = created === undefined ? undefined : Math.max(0, now - created);
  const failures = entries.filter((entry) => !succeeded(entry)).length;
  const lag = lagVerdict(lagMs, objectiveMs);
  const sent = entries.filter(({ bytes }) => bytes > 0n);
  // The last stream that carried something says more than the "nothing new" after it.
  const shown = succeeded(latest) ? sent.at(-1) ?? latest : latest;
  const from = shown.from ?? latest.from;
  const to = latest.to ?? well?.to;
  return {
    dataset,
    target,
    verdict: succeeded(latest) ? lag : lag === "critical" ? "critical" : "warning",
    result,
    ...(errorClass === undefined ? {} : { errorClass }),
    ...(message === undefined ? {} : { message }),
    kind: shown.kind,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    bytes: sumBytes(entries.map(({ bytes }) => bytes)),
    savedBytes: sumBytes(entries.map(({ savedBytes }) => savedBytes)),
    elapsedMs: entries.reduce((sum, entry) => sum + entry.elapsedMs, 0),
    runs: entries.length,
    failures,
    ...(lagMs === undefined ? {} : { lagMs }),
  };
}
