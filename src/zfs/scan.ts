/**
 * What `zpool status` says behind `scan:`: a scrub or a resilver, done, on its way, paused or given up.
 *
 * @module
 */

/** A scan. Times are in milliseconds since 1970 as if the host's local time were UTC: ZFS prints no zone. */
export interface Scan {
  /** `error-scrub` looks only at blocks with known errors (`zpool scrub -e`). */
  readonly kind: "scrub" | "resilver" | "error-scrub";
  readonly state: "finished" | "running" | "paused" | "canceled";
  /** When it ended; for one that has not, when it began or was paused. */
  readonly at: number;
  /** How much was repaired, in ZFS's own words: `0B`, `30.3M`; `undefined` when it does not say. */
  readonly repaired: string | undefined;
  /** How many errors it could not mend. */
  readonly errors: bigint;
  /** Percent done, while it goes on. */
  readonly percent: number | undefined;
}

const when = "([A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]?[0-9] [0-9:]{8} [0-9]{4})";
const finished = new RegExp(
  `^(scrub repaired|resilvered)(?: \\([^)]*\\))? (\\S+) in .*?with ([0-9]+) errors on ${when}`,
);
const errorScrub = new RegExp(`^scrubbed [0-9]+ error blocks in .* on ${when}`);
const unfinished = new RegExp(
  `^(error scrub|scrub|resilver)(?: \\([^)]*\\))? (?:(canceled) on|(in progress) since|(paused) since) ${when}`,
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
    return { kind, state: "finished", at: parseTime(at), repaired, errors: BigInt(errors), percent: undefined };
  }
  const checked = errorScrub.exec(text);
  if (checked) {
    const at = parseTime(checked[1] ?? "");
    return { kind: "error-scrub", state: "finished", at, repaired: undefined, errors: 0n, percent: undefined };
  }
  const open = unfinished.exec(text);
  if (!open) return undefined;
  const [, words, canceled, running, , at = ""] = open;
  const percent = /([0-9.]+)% done/.exec(text)?.[1];
  return {
    kind: words === "error scrub" ? "error-scrub" : words === "scrub" ? "scrub" : "resilver",
    state: canceled ? "canceled" : running ? "running" : "paused",
    at: parseTime(at),
    repaired: /([0-9.]+[A-Z]*) (?:repaired|resilvered)/.exec(text)?.[1],
    errors: 0n,
    percent: percent === undefined ? undefined : Number(percent),
  };
}

/** Reads the form of `ctime(3)`, `Sun Nov 22 21:03:17 2026`, as if it were UTC. */
function parseTime(text: string): number {
  const [, month, day, time, year] = text.trim().split(/ +/);
  return Date.parse(`${day} ${month} ${year} ${time} UTC`);
}
