/**
 * The rows of the table that `zpool status` shows under `config:`, one a virtual device.
 *
 * @module
 */

/** A row: the pool itself, a group such as `mirror-0`, or a device. */
export interface Vdev {
  readonly name: string;
  /** 0 for the pool itself, 1 for what lies directly below it, and so on. */
  readonly depth: number;
  /** Under which heading it stands: `data`, `special`, `dedup`, `logs`, `cache` or `spares`. */
  readonly role: string;
  /** `ONLINE`, `DEGRADED`, `FAULTED`, `OFFLINE`, `UNAVAIL`, `REMOVED`; a spare is `AVAIL` or `INUSE`. */
  readonly state: string;
  /** How many of each; 0 for spares, which have no counts. */
  readonly readErrors: bigint;
  readonly writeErrors: bigint;
  readonly checksumErrors: bigint;
  /** What stands behind the counts, such as `was /dev/sdb1` or `(resilvering)`. */
  readonly note: string;
  /** Whether nothing stands below it: a device. */
  readonly isLeaf: boolean;
}

const roles: ReadonlySet<string> = new Set(["logs", "cache", "spares", "special", "dedup"]);

/** Powers of 1024 that `zpool status` abbreviates by, where it was not asked for exact numbers. */
const units: Readonly<Record<string, number>> = { "": 0, K: 1, M: 2, G: 3, T: 4, P: 5, E: 6 };

/**
 * Reads the table.
 *
 * @param lines From the line of titles on; each begins with a tab.
 * @throws {SyntaxError} When the titles are not there, or a row has no state.
 */
export function parseVdevs(lines: readonly string[]): Vdev[] {
  const [titles = "", ...rest] = lines;
  // Names may hold spaces, so only the titles tell where the state begins.
  const column = titles.indexOf("STATE");
  if (!/^\tNAME +STATE/.test(titles)) throw new SyntaxError(`no table of devices: ${titles.slice(0, 80)}`);
  let role = "data";
  const rows: Omit<Vdev, "isLeaf">[] = [];
  for (const line of rest) {
    if (roles.has(line.trim())) role = line.trim();
    else rows.push(parseRow(line, column, role));
  }
  return rows.map((row, i) => {
    const next = rows[i + 1];
    return { ...row, isLeaf: row.depth > 0 && !(next && next.role === row.role && next.depth > row.depth) };
  });
}

function parseRow(line: string, column: number, role: string): Omit<Vdev, "isLeaf"> {
  const indent = /^\t( *)/.exec(line)?.[1]?.length ?? 0;
  // The column is counted in bytes by ZFS and in characters here: a name beyond ASCII shifts it.
  const fields = parseFields(line.slice(column)) ??
    parseFields(line.slice(indent + 1).replace(/^.*? (?=[A-Z]{4,} )/, ""));
  if (fields === undefined) throw new SyntaxError(`not a row of devices: ${line.slice(0, 200)}`);
  const name = line.slice(0, line.length - fields.length).trim();
  return { name, depth: indent / 2, role, ...fields.values };
}

function parseFields(text: string) {
  const number = "([0-9]+(?:\\.[0-9]+)?[KMGTPE]?|-)";
  const match = new RegExp(`^([A-Z]+)(?: +${number} +${number} +${number})?(?:\\s+(.*?))?\\s*$`).exec(text);
  if (match === null) return undefined;
  const [, state = "", read = "0", write = "0", checksum = "0", note = ""] = match;
  return {
    length: text.length,
    values: {
      state,
      readErrors: parseErrors(read),
      writeErrors: parseErrors(write),
      checksumErrors: parseErrors(checksum),
      note,
    },
  };
}

function parseErrors(text: string): bigint {
  if (text === "-") return 0n;
  const [, number = "0", unit = ""] = /^([0-9.]+)([KMGTPE]?)$/.exec(text) ?? [];
  return number.includes(".") || unit !== ""
    ? BigInt(Math.round(Number(number) * 1024 ** (units[unit] ?? 0)))
    : BigInt(number);
}
