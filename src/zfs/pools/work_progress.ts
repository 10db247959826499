/**
 * How far long work on a pool is, as the lines of `zpool status` tell it: the same words for a scrub, a resilver, a removal
 * and an expansion. Forms: `zpool_main.c` of OpenZFS 2.1 to 2.4.
 *
 * @module
 */

/** How far it is. Whatever ZFS does not say is `undefined`. */
export interface WorkProgress {
  readonly percent: number | undefined;
  /** How long it will still take, in milliseconds, as ZFS expects. */
  readonly toGoMs: number | undefined;
  /** The amounts, without rates and expectations: where two looks find the same text, the work stands still. */
  readonly done: string;
}

/** Reads it from all lines of the work, joined by blanks. */
export function parseProgress(text: string): WorkProgress {
  const percent = /([0-9.]+)% done/.exec(text)?.[1];
  return {
    percent: percent === undefined ? undefined : Number(percent),
    toGoMs: parseToGo(text),
    done: text.replaceAll(/ at [0-9.]+[A-Z]*B?\/s/g, "").replace(/^.*? [0-9:]{8} [0-9]{4} */, "")
      .replace(/% done.*$/, "% done"),
  };
}

/** `3 days 04:05:06 to go`, `00:00:04 to go`, `0h15m to go`. */
function parseToGo(text: string): number | undefined {
  const clock = /(?:([0-9]+) days? )?([0-9]+):([0-9]{2}):([0-9]{2}) to go/.exec(text);
  if (clock) {
    const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = clock;
    return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  }
  const short = /([0-9]+)h([0-9]+)m to go/.exec(text);
  return short ? (Number(short[1]) * 60 + Number(short[2])) * 60_000 : undefined;
}

/** Reads the form of `ctime(3)`, `Sun Nov 22 21:03:17 2026`, as if it were UTC: ZFS prints no zone. */
export function parseCtime(text: string): number {
  const [, month, day, time, year] = text.trim().split(/ +/);
  return Date.parse(`${day} ${month} ${year} ${time} UTC`);
}

/** A regular expression's group for that form. */
export const ctime = "([A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]?[0-9] [0-9:]{8} [0-9]{4})";
