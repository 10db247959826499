/**
 * What `zpool status` says behind `scan:`: a scrub or a resilver, done, on its way, paused or given up.
 *
 * @module
 */

import { ctime, parseCtime, parseProgress } from "./work_progress.ts";

/** A scan. Times are in milliseconds since 1970 as if the host's local time were UTC: ZFS prints no zone. */
export interface Scan {
  /** `error-scrub` looks only at blocks with known errors (`zpool scrub -e`). */
  readonly kind: "scrub" | "resilver" | "error-scrub";
  readonly state: "finished" | "running" | "paused" | "canceled";
  /** When it ended; for one that has not, when it began or was paused. */
  readonly at: number;
  /** How much was repaired, in ZFS's own words: `0B`, `30.3M`; `undefined` when it does not say. */
  readonly repaired: string | undefined;
  /** How many errors it could not repair. */
  readonly errors: bigint;
  /** Percent done, while it goes on. */
  readonly percent: number | undefined;
  /** How long it will still take, in milliseconds, as ZFS expects; `undefined` when it does not say. */
  readonly toGoMs: number | undefined;
  /** The amounts, see `WorkProgress`; empty for one that has ended. */
  readonly done: string;
}

const ended = { percent: undefined, toGoMs: undefined, done: "" };

const finished = new RegExp(
  `^(scrub repaired|resilvered)(?: \\([^)]*\\))? (\\S+) in .*?with ([0-9]+) errors on ${ctime}`,
);
const errorScrub = new RegExp(`^scrubbed [0-9]+ error blocks in .* on ${ctime}`);
const unfinished = new RegExp(
  `^(error scrub|scrub|resilver)(?: \\([^)]*\\))? (?:(canceled) on|(in progress) since|(paused) since) ${ctime}`,
);

/**
 * Reads one scan with the lines that belong to it.
 *
 * @returns `undefined` when there was none, or it is of a kind that is not known.
 */
export function parseScan(text: string): Scan | undefined {
  const done = finished.exec(text);
  if (done) {
    const [, words, repaired, errors = "0", at = ""] = done;
    const kind = words === "resilvered" ? "resilver" : "scrub";
    return { kind, state: "finished", at: parseCtime(at), repaired, errors: BigInt(errors), ...ended };
  }
  const checked = errorScrub.exec(text);
  if (checked) {
    const at = parseCtime(checked[1] ?? "");
    return { kind: "error-scrub", state: "finished", at, repaired: undefined, errors: 0n, ...ended };
  }
  const open = unfinished.exec(text);
  if (!open) return undefined;
  const [, words, canceled, running, , at = ""] = open;
  return {
    kind: words === "error scrub" ? "error-scrub" : words === "scrub" ? "scrub" : "resilver",
    state: canceled ? "canceled" : running ? "running" : "paused",
    at: parseCtime(at),
    repaired: /([0-9.]+[A-Z]*) (?:repaired|resilvered)/.exec(text)?.[1],
    errors: 0n,
    ...parseProgress(text),
  };
}
